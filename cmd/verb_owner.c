/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "verb_owner.h"

#define ROOT "crlferry-root", "the root's machine"
#define SUB "crlferry-sub", "the subordinate"

/* Names alone, so that neither program has anything of the other in it. */
const struct verb_owner verb_owners[] = {
    {"adopt", ROOT},
    {"ceremony", ROOT},
    {"collect", ROOT},
    {"export", ROOT},
    {"issue", ROOT},
    {"ledger", ROOT},
    {"reissue", ROOT},
    {"reset-order", ROOT},
    {"revoke", ROOT},
    {"seal", ROOT},
    {"check", SUB},
    {"import", SUB},
    {"info", SUB},
    {"probe", SUB},
    {"recover", SUB},
    {"remind", SUB},
    {"request", SUB},
    {NULL},
};
