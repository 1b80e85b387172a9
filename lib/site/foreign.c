/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "base/array.h"
#include "site/foreign.h"

/*
 * In lower case; ? is a digit, * is all that follows.  Anything that a person
 * or a program puts there on purpose is not among them.
 */
static const char *const foreign_names[] = {
	/* macOS; ._x is what it keeps of x where it cannot keep it in x */
	"._*", ".ds_store", ".trashes", ".spotlight-v100", ".fseventsd",
	".temporaryitems", ".documentrevisions-v100", ".apdisk",
	".com.apple.*", ".appledouble", ".appledb", ".appledesktop",
	"network trash folder", "temporary items", ".localized", "icon\r",
	".metadata_never_index", ".volumeicon.icns",
	/* Windows; ~$x while Office has x open */
	"desktop.ini", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db",
	"system volume information", "$recycle.bin", "recycler", "recycled",
	"found.???", "wpsettings.dat", "indexervolumeguid", "~$*",
	/* Linux; .~lock.x# while LibreOffice has x open */
	"lost+found", ".trash", ".trash-*", ".directory", ".~lock.*",
	".fuse_hidden*", ".nfs*", ".goutputstream-*",
	/* network storage that indexes a stick */
	"@eadir", ".@__thumb", "#recycle", "@recycle",
};

/* Letters of ASCII only, whatever the locale. */
static bool
is_like(const char *name, const char *pattern)
{
	for (; *pattern != '*'; name++, pattern++) {
		const char c = (char)(*name >= 'A' && *name <= 'Z' ?
		    *name - 'A' + 'a' : *name);

		if (*pattern == '?' ? c < '0' || c > '9' : c != *pattern)
			return false;
		if (c == '\0')
			return true;
	}
	return true;
}

bool
foreign_is_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(foreign_names); i++) {
		if (is_like(name, foreign_names[i]))
			return true;
	}
	return false;
}
