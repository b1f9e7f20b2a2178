/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A new key would make every link that was mailed, and every code, void without a word: it is made
 * for an install without any community alone. */
#include "main/program_key.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/install/install.h"
#include "main/program.h"
#include "sys/crypt.h"
#include "sys/db.h"
#include "sys/migrate.h"
#include "web/work.h"

static const char *key_path(struct program *program)
{
    return mem_printf(program->mem, "%s/" DATA_KEY, program->app.config->data);
}

static bool refuse_without(const char *path)
{
    log_event(LOG_ERROR, "key_missing", log_text("path", path),
              log_text("why", "the database was made with a key: put its copy back"));
    return false;
}

bool program_key_of_folder(struct program *program)
{
    const char *path = key_path(program);
    if (access(path, F_OK) != 0 && migrate_is_begun(program->db))
        return refuse_without(path);
    return crypt_key_load(path, program->app.key);
}

/* What becomes the key where the database has none: an install that one process served had it in
 * that process's folder. False: it is not known, or it cannot be read. */
static bool propose(struct work *work, const char *path, unsigned char ret_key[CRYPT_KEY_BYTES])
{
    if (access(path, F_OK) == 0)
        return crypt_key_load(path, ret_key);
    if (install_has_begun(work))
        return refuse_without(path);
    random_fill(&(struct random){.fill = NULL}, ret_key, CRYPT_KEY_BYTES);
    return true;
}

/* Read, or decided by the one process that comes first: the others wait for its transaction. */
static bool settle(struct program *program, struct work *work)
{
    if (install_key_get(work, program->app.key))
        return true;
    if (tx_fault(work->tx) || !propose(work, key_path(program), program->app.key))
        return false;
    if (tx_is_write(work->tx))
        install_key_insert(work, program->app.key);
    return true;
}

bool program_key_of_database(struct program *program)
{
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct work work = {.app = &program->app, .mem = mem, .tx = db_begin(program->db, mem)};
    bool settled = settle(program, &work);
    bool kept = tx_commit(work.tx);
    if (!kept)
        log_event(LOG_ERROR, "key_not_read", log_text("why", tx_error(work.tx)));
    mem_free(mem);
    return settled && kept;
}
