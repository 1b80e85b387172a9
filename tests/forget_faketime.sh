#!/bin/sh
# SPDX-License-Identifier: ISC
# Remove what runs that were killed have left of faketime: a process that gets
# such a number again could not start under it.
set -u

for left in /dev/shm/faketime_shm_* /dev/shm/sem.faketime_sem_*; do
	if [ -f "$left" ] && ! kill -0 "${left##*_}" 2>/dev/null; then
		rm -f "$left"
	fi
done
