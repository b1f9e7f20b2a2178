/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The commands of the program, one file each. They give the exit status: 0 done, 1 refused or
 * failed with one sentence on standard error, 2 wrong use. */
#pragma once

struct settings;

int command_serve(const struct settings *settings);
int command_demo(const struct settings *settings);
int command_migrate(const struct settings *settings);
int command_admin(const struct settings *settings);
extern const char admin_help[];
int command_check(const struct settings *settings);
