/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim backup FILE` copies what an install is into one file, while it serves; `essaim restore
 * FILE` puts it into an empty data folder. An install is its database and its key: without the key
 * every link that was mailed is void. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "main/commands.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/archive.h"
#include "sys/db.h"

enum { BACKUP_BYTES_MAX = 1024 * 1024, FOLDER_MODE = 0700 };

const char backup_help[] =
    "  essaim backup FILE    makes FILE, a tar file: it must not be there yet. The server may "
    "run.\n"
    "It holds everything that people entrusted to the install, and its key: keep it as safe as the "
    "data folder.\n";
const char restore_help[] =
    "  essaim restore FILE   puts it back into the data folder, which must be empty or missing,\n"
    "                        brings it to the present schema and checks it.\n";

static const char *in_data(struct mem *mem, const struct settings *settings, const char *name)
{
    return mem_printf(mem, "%s/%s", settings->config.data, name);
}

/* One sentence on standard error; the exit status. */
static int refuse(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s.\n", what, why);
    return 1;
}

/* Of PostgreSQL its administrator makes copies. True, after one sentence. */
static bool is_not_ours(const struct settings *settings)
{
    if (settings->config.database)
        refuse("PostgreSQL", "copy the database with pg_dump and put it back with pg_restore");
    return settings->config.database;
}

/* A snapshot of the database in a file of its own. */
static bool snapshot(struct mem *mem, const char *database, const char *copy,
                     const char **ret_error)
{
    struct db *db = db_open(database, DB_READ);
    const char *error = "the database cannot be opened";
    bool copied = db && db_copy(db, copy, &error);
    *ret_error = mem_strdup(mem, error); /* it ends with the connection */
    if (db)
        db_close(db);
    return copied;
}

static bool is_sound(const char *database)
{
    struct db *db = db_open(database, DB_READ);
    bool sound = db && db_is_sound(db);
    if (db)
        db_close(db);
    return sound;
}

/* The copy, and what SQLite lays beside it. */
static void remove_database(struct mem *mem, const char *path)
{
    unlink(path);
    unlink(mem_printf(mem, "%s-wal", path));
    unlink(mem_printf(mem, "%s-shm", path));
}

static int backup(struct mem *mem, const struct settings *settings, const char *file)
{
    const char *copy = mem_printf(mem, "%s.database", file);
    const struct archived files[] = {
        {DATA_DATABASE, copy}, {DATA_KEY, in_data(mem, settings, DATA_KEY)}, {.name = NULL}};
    const char *error = NULL;
    if (access(file, F_OK) == 0)
        return refuse(file, "there is such a file already, and it is left as it is");
    if (access(in_data(mem, settings, DATA_DATABASE), F_OK) != 0)
        return refuse(settings->config.data, "there is no database in this folder");
    if (access(copy, F_OK) == 0 || access(mem_printf(mem, "%s.part", file), F_OK) == 0)
        return refuse(file,
                      "a copy of this name is being made, or was broken off: remove the files "
                      "ending in .database and .part beside it first");
    if (!snapshot(mem, in_data(mem, settings, DATA_DATABASE), copy, &error))
        return refuse(copy, error);
    bool sound = is_sound(copy);
    bool made = sound && archive_make(mem, file, files, &error);
    remove_database(mem, copy);
    if (!sound)
        return refuse(settings->config.data, "the database is damaged, see essaim check");
    if (!made)
        return refuse(file, error);
    printf("%s is made.\n", file);
    return 0;
}

int command_backup(const struct settings *settings)
{
    if (settings->words_count != 1) {
        fprintf(stderr, "%s", backup_help);
        return 2;
    }
    if (is_not_ours(settings))
        return 1;
    struct mem *mem = mem_new(BACKUP_BYTES_MAX);
    int status = backup(mem, settings, settings->words[0]);
    mem_free(mem);
    return status;
}

/* A folder with nothing in it, made where it is missing. NULL, or why it is not. */
static const char *empty_folder(const char *path)
{
    if (mkdir(path, FOLDER_MODE) == 0)
        return NULL;
    DIR *dir = errno == EEXIST ? opendir(path) : NULL;
    if (!dir)
        return strerror(errno);
    const char *why = NULL;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (!str_equal(entry->d_name, ".") && !str_equal(entry->d_name, ".."))
            why = "this folder is not empty, and it is left as it is";
    closedir(dir);
    return why;
}

/* What was taken out is an install that this program can serve: NULL, or why not. */
static const char *fits(struct mem *mem, const struct settings *settings)
{
    if (!is_sound(in_data(mem, settings, DATA_DATABASE)))
        return "its database is damaged";
    struct program *program = program_open(&settings->config, PROGRAM_ALONE, NULL);
    if (!program)
        return "it does not fit this program, see the line above";
    const char *found = program_check(program, mem);
    program_close(program);
    return found;
}

static int restore(struct mem *mem, const struct settings *settings, const char *file)
{
    const struct archived files[] = {{DATA_DATABASE, in_data(mem, settings, DATA_DATABASE)},
                                     {DATA_KEY, in_data(mem, settings, DATA_KEY)},
                                     {.name = NULL}};
    const char *error = empty_folder(settings->config.data);
    if (error)
        return refuse(settings->config.data, error);
    if (!archive_take(mem, file, files, &error))
        return refuse(file, error);
    error = fits(mem, settings);
    if (error) {
        remove_database(mem, in_data(mem, settings, DATA_DATABASE));
        unlink(in_data(mem, settings, DATA_KEY));
        unlink(in_data(mem, settings, DATA_LOCK));
        return refuse(file, error);
    }
    printf("%s is in %s. All is well.\n", file, settings->config.data);
    return 0;
}

int command_restore(const struct settings *settings)
{
    if (settings->words_count != 1) {
        fprintf(stderr, "%s", restore_help);
        return 2;
    }
    if (is_not_ours(settings))
        return 1;
    struct mem *mem = mem_new(BACKUP_BYTES_MAX);
    int status = restore(mem, settings, settings->words[0]);
    mem_free(mem);
    return status;
}
