/* SPDX-License-Identifier: ISC */
/*
 * One line of OpenSSL's index.txt: no crash, and every refusal says why.  What
 * is written of a serial is read as the same, and a subject can be shown.
 */
#include <stdlib.h>

#include "base/text.h"
#include "ca/index_line.h"
#include "ca/index_subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_serial(struct span serial)
{
	char text[SERIAL_TEXT_SIZE];
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span again = {octets, 0};

	serial_format(serial, text);
	if (!serial_parse(span_of_text(text), octets, &again.size) ||
	    !span_equals(serial, again) ||
	    serial_order(serial, again) != 0)
		abort();
}

static void
check_subject(struct span subject)
{
	RELEASE_BUFFER struct buffer shown = {0};
	struct error err = {0};

	if (index_subject_show(subject, &shown, &err) != ERR_OK ||
	    buffer_append(&shown, "", 1, &err) != ERR_OK ||
	    !text_is_printable((const char *)shown.data, shown.size))
		abort();
	shown.size--;
	if (index_subject_words(span_of_buffer(&shown)).text[0] == '\0' &&
	    shown.size > 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct index_line line;
	struct error err = {0};

	if (index_line_parse((struct span){data, size}, &line, &err) ==
	    ERR_OK) {
		check_serial((struct span){line.serial, line.serial_size});
		check_subject(line.subject);
	} else if (err.what[0] == '\0') {
		abort();
	}
	return 0;
}
