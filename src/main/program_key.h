/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The install's key: where it stands, and that it is never made anew while something was made with
 * the one before. Each loads it into program->app.key; false after one log line. */
#pragma once
#include <stdbool.h>

struct program;

/* Beside a file, in a file of its own, made with the database. */
bool program_key_of_folder(struct program *program);
/* In a PostgreSQL database of the present schema, for all processes that share it. Where there is
 * none yet it is the one of the data folder, if that has one, or else made. */
bool program_key_of_database(struct program *program);
