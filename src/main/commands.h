/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The commands of the program, one file each. They give the exit status: 0 done, 1 refused or
 * failed with one sentence on standard error, 2 wrong use; mail-in as mail servers expect it. */
#pragma once

struct settings;

int command_serve(const struct settings *settings);
int command_demo(const struct settings *settings);
int command_migrate(const struct settings *settings);
int command_admin(const struct settings *settings);
extern const char admin_help[];
int command_mail_in(const struct settings *settings);
int command_openapi(const struct settings *settings);
int command_check(const struct settings *settings);
int command_backup(const struct settings *settings);
int command_restore(const struct settings *settings);
int command_move(const struct settings *settings);
extern const char backup_help[];
extern const char restore_help[];
extern const char move_help[];

/* The details of `help mail-in`. */
extern const char mail_in_help[];
