/* SPDX-License-Identifier: ISC */
/* What is wrong with what a service sent.  Inside sub/watch/probe* only. */
#pragma once

#include "sub/import/pair_stores.h"
#include "sub/watch/probe_chain.h"

/* The role of the i-th certificate of the report, for people: "the leaf". */
const char *probe_role(const struct probe_certificate *certificate);

/*
 * The certificates of the report: the links, the root, and then the others that
 * were sent.  Pure, as the next.
 */
void probe_list(const struct probe_chain *chain,
    struct probe_report *report);

/* What was sent and is no link. */
void probe_judge_others(const struct probe_chain *chain,
    struct probe_report *report);

/* Chain, order, name, dates and algorithms; then the others. */
MUST_CHECK enum err probe_judge(const struct probe_chain *chain,
    const struct probe_target *target, int64_t now_s,
    struct probe_report *report, struct error *err);

/*
 * Look each link up on its issuer's CRLs in all stores, which are read as those
 * of a pair are.  Reads only.
 *
 * roots  of the configuration, root_count of them
 */
void probe_judge_revoked(const struct probe_chain *chain,
    const struct config *config, const struct pair_stores *roots,
    int64_t now_s, struct probe_report *report);
