/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A thread that works in rounds: it sleeps between two of them, and ends soon after it is asked to.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;
struct rounds;

struct rounds *rounds_new(struct mem *mem);

/* Starts the thread: `run` goes on as long as rounds_go_on says so. NULL, or why no thread could be
 * had; then there is nothing to stop. */
const char *rounds_start(struct rounds *rounds, void *(*run)(void *context), void *context);

/* For the thread: it was not asked to stop. */
bool rounds_go_on(struct rounds *rounds);
/* For the thread: sleeps for so long, but no longer than until it is asked to stop. */
void rounds_sleep(struct rounds *rounds, int64_t ms);

/* From any other thread, and as often as one likes. */
void rounds_ask_stop(struct rounds *rounds);
/* Asks, and waits for the thread's end. Once. */
void rounds_stop(struct rounds *rounds);
