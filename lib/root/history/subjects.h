/* SPDX-License-Identifier: ISC */
/*
 * Whose certificate has a serial, for people: the subject that the CA's index
 * has, else the configured subordinate of that serial.  A file that cannot be
 * read is no error here: the name is not known then, and is left out.
 */
#pragma once

#include "ca/index_names.h"
#include "site/config.h"

/* "issuing-1 (CN=Issuing 1)", and the " (" and ")" of subjects_beside. */
#define SUBJECT_SIZE 176

/* Fill `root`, the rest from SUBJECTS_NONE; release in the end. */
struct subjects {
	const struct config_root *root;
	struct index_names names;
	bool is_opened;			/* names is, if there is an index */
	struct buffer subordinates;	/* struct subordinate each */
	bool is_listed;			/* they are */
};

#define SUBJECTS_NONE .names = INDEX_NAMES_NONE
#define RELEASE_SUBJECTS __attribute__((cleanup(subjects_release)))

/*
 * Open the index's file; a second time does nothing.
 *
 * index  where its lines stand is found as well, by one pass over the file;
 *        NULL if the caller knows
 */
void subjects_locate(struct subjects *subjects, const struct index *index);

/*
 * The subject of a serial whose line stands at an offset, INDEX_NO_LINE for
 * none.  Empty if it is not known.
 */
void subjects_at(struct subjects *subjects, uint64_t offset,
    struct span serial, char out[SUBJECT_SIZE]);

/* The same as " (CN=Mail Gateway)", to follow the serial; or nothing. */
void subjects_beside(struct subjects *subjects, uint64_t offset,
    struct span serial, char out[SUBJECT_SIZE]);

/* The configured subordinate's, whatever the index says. */
void subjects_of_subordinate(struct subjects *subjects, struct span serial,
    char out[SUBJECT_SIZE]);

void subjects_release(struct subjects *subjects);

/* One serial, by a pass over the index. */
void subject_find(const struct config_root *root, struct span serial,
    char out[SUBJECT_SIZE]);
void subject_beside(const struct config_root *root, struct span serial,
    char out[SUBJECT_SIZE]);

/* A subject as it follows its serial. */
void subject_enclose(const char subject[SUBJECT_SIZE],
    char out[SUBJECT_SIZE]);
