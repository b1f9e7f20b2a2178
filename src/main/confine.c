/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list of what a serving process needs. Whoever adds a library that reads files adds them here;
 * confine_test.c says what must stay out of reach. */
#include "main/confine.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/db.h"
#include "sys/sandbox.h"
#include "sys/smtp.h"

enum { PORT_DOMAIN = 53 };

/* The system's files that libraries read while it serves. */
static const char *const system_files[] = {
    "/usr/share/zoneinfo", "/etc/localtime",
    /* certificates, and OpenSSL's own settings */
    "/etc/ssl", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
    /* where a host's name leads */
    "/etc/resolv.conf", "/run/systemd/resolve", "/run/resolvconf", "/etc/hosts", "/etc/host.conf",
    "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
    /* of this process and this machine: how many processors, how much memory */
    "/proc/self", "/proc/stat", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/null",
    "/dev/urandom", NULL};

/* Libraries that are loaded when they are first needed: name services, character sets. */
static const char *const system_libraries[] = {"/lib",           "/lib64",           "/usr/lib",
                                               "/usr/local/lib", "/etc/ld.so.cache", NULL};

static void path_add(const char **paths, const char *path)
{
    int count = 0;
    while (paths[count])
        count++;
    assert(count < SANDBOX_PATHS_MAX - 1);
    paths[count] = path;
}

/* The folder of a file that may be replaced by another one of its name; NULL: there is none. */
static void folder_add(struct mem *mem, const char **paths, const char *file)
{
    if (!file)
        return;
    const char *slash = strrchr(file, '/');
    if (!slash)
        path_add(paths, ".");
    else
        path_add(paths, slash == file ? "/" : mem_strndup(mem, file, (size_t)(slash - file)));
}

static void port_add(struct sandbox *sandbox, int port)
{
    int count = 0;
    while (sandbox->connects_to[count])
        count++;
    assert(count < SANDBOX_PORTS_MAX - 1);
    sandbox->connects_to[count] = port;
}

static void database_add(struct mem *mem, struct sandbox *sandbox, const char *database)
{
    if (!database)
        return;
    struct db_reach reach = db_reach(mem, database);
    for (const char *const *file = reach.files; *file; file++)
        path_add(sandbox->reads, *file);
    for (const int *port = reach.ports; *port; port++)
        port_add(sandbox, *port);
    port_add(sandbox, PORT_DOMAIN);
}

static void smtp_add(struct mem *mem, struct sandbox *sandbox, const struct smtp_server *smtp)
{
    if (!smtp)
        return;
    folder_add(mem, sandbox->reads, smtp->password_file);
    folder_add(mem, sandbox->reads, smtp->ca_file);
    port_add(sandbox, smtp->port);
    port_add(sandbox, PORT_DOMAIN);
}

bool confine(struct mem *mem, const struct settings *settings, const char **ret_reach)
{
    const struct config *config = &settings->config;
    struct sandbox sandbox = {.writes = {config->data}};
    const char *address;
    if (settings->no_sandbox) {
        *ret_reach = "none: it is switched off";
        return true;
    }
    if (!data_folder_make(config->data))
        return false;
    for (const char *const *path = system_files; *path; path++)
        path_add(sandbox.reads, *path);
    for (const char *const *path = system_libraries; *path; path++)
        path_add(sandbox.programs, *path);
    folder_add(mem, sandbox.reads, config->test_clock);
    listen_parse(mem, config->listen, &address, &sandbox.listens_on);
    smtp_add(mem, &sandbox, config->smtp);
    database_add(mem, &sandbox, config->database);
    return sandbox_enter(&sandbox, ret_reach);
}
