/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/history/subjects.h"
#include "site/certfile.h"

struct subordinate {
	uint8_t octets[SERIAL_OCTETS_MAX];
	size_t size;
	char text[SUBJECT_SIZE];
};

static void
add_subordinate(struct subjects *subjects, const struct cert *issuer,
    const struct config_subordinate *configured)
{
	struct subordinate next = {.size = 0};
	FREE_CERT struct cert *cert = NULL;
	struct index_subject_words words;

	if (configured->certificate == NULL ||
	    certfile_load(configured->certificate, &cert, NULL) != ERR_OK ||
	    !serial_fits(cert->serial) ||
	    /* By name: a rehearsal's root has another key. */
	    !name_equals(cert->issuer, issuer->subject))
		return;
	next.size = cert->serial.size;
	memcpy(next.octets, cert->serial.data, next.size);
	words = index_subject_words(span_of_text(cert->subject_text));
	snprintf(next.text, sizeof(next.text), "%s (%s)", configured->name,
	    words.text);
	/* Without memory it is not known. */
	if (buffer_append(&subjects->subordinates, &next, sizeof(next),
	    NULL) != ERR_OK)
		return;
}

static void
list_subordinates(struct subjects *subjects)
{
	const struct config_root *root = subjects->root;
	FREE_CERT struct cert *issuer = NULL;

	if (subjects->is_listed)
		return;
	subjects->is_listed = true;
	if (root->subordinate_count == 0 ||
	    certfile_load(root->certificate, &issuer, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < root->subordinate_count; i++)
		add_subordinate(subjects, issuer, &root->subordinates[i]);
}

void
subjects_of_subordinate(struct subjects *subjects, struct span serial,
    char out[SUBJECT_SIZE])
{
	const struct subordinate *list;

	out[0] = '\0';
	list_subordinates(subjects);
	list = (const void *)subjects->subordinates.data;
	for (size_t i = 0; i < subjects->subordinates.size / sizeof(*list);
	    i++) {
		if (span_equals(serial, (struct span){list[i].octets,
		    list[i].size}))
			memcpy(out, list[i].text, SUBJECT_SIZE);
	}
}

void
subjects_locate(struct subjects *subjects, const struct index *index)
{
	const struct config_signing *signing = subjects->root->signing;

	if (subjects->is_opened)
		return;
	subjects->is_opened = true;
	if (signing != NULL && index_names_open(signing->index, index,
	    &subjects->names, NULL) != ERR_OK)
		return;
}

void
subjects_at(struct subjects *subjects, uint64_t offset, struct span serial,
    char out[SUBJECT_SIZE])
{
	struct index_subject_words words;

	subjects_locate(subjects, NULL);
	words = index_names_at(&subjects->names, offset, serial);
	snprintf(out, SUBJECT_SIZE, "%s", words.text);
	if (out[0] == '\0')
		subjects_of_subordinate(subjects, serial, out);
}

void
subjects_release(struct subjects *subjects)
{
	index_names_release(&subjects->names);
	buffer_release(&subjects->subordinates);
}

void
subject_find(const struct config_root *root, struct span serial,
    char out[SUBJECT_SIZE])
{
	RELEASE_SUBJECTS struct subjects subjects = {.root = root,
	    SUBJECTS_NONE};
	struct index_expiry asked = {.serial = serial};
	const bool is_there = root->signing != NULL && index_expiries(
	    root->signing->index, &asked, 1, NULL) == ERR_OK &&
	    asked.is_found;

	subjects_at(&subjects, is_there ? asked.offset : INDEX_NO_LINE, serial,
	    out);
}

void
subject_enclose(const char subject[SUBJECT_SIZE], char out[SUBJECT_SIZE])
{
	out[0] = '\0';
	if (subject[0] != '\0')
		snprintf(out, SUBJECT_SIZE, " (%.*s)",
		    (int)(SUBJECT_SIZE - sizeof(" ()")), subject);
}

void
subjects_beside(struct subjects *subjects, uint64_t offset,
    struct span serial, char out[SUBJECT_SIZE])
{
	char subject[SUBJECT_SIZE];

	subjects_at(subjects, offset, serial, subject);
	subject_enclose(subject, out);
}

void
subject_beside(const struct config_root *root, struct span serial,
    char out[SUBJECT_SIZE])
{
	char subject[SUBJECT_SIZE];

	subject_find(root, serial, subject);
	subject_enclose(subject, out);
}
