/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Landlock by its three system calls: glibc has no functions for them, and Debian 12's headers know
 * the ABI of Linux 6.1 alone. What later ones brought is written down here; what the running kernel
 * does not know is not asked of it. */
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

/* Of linux/landlock.h, ABI 3 to 6. */
enum { ACCESS_TRUNCATE = 1 << 14, ACCESS_IOCTL_DEV = 1 << 15 };
enum { NET_BIND = 1 << 0, NET_CONNECT = 1 << 1, RULE_NET_PORT = 2 };
enum { SCOPE_ABSTRACT_SOCKETS = 1 << 0, SCOPE_SIGNALS = 1 << 1 };
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5, ABI_SCOPE = 6 };

struct ruleset {
    uint64_t files;
    uint64_t net;
    uint64_t scoped;
};
struct port_rule {
    uint64_t access;
    uint64_t port;
};

static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t of_files = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                 LANDLOCK_ACCESS_FS_EXECUTE | ACCESS_TRUNCATE | ACCESS_IOCTL_DEV;

static uint64_t files_of(int abi)
{
    uint64_t files = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1; /* all of ABI 1 */
    files |= abi >= ABI_REFER ? LANDLOCK_ACCESS_FS_REFER : 0;
    files |= abi >= ABI_TRUNCATE ? ACCESS_TRUNCATE : 0;
    files |= abi >= ABI_IOCTL ? ACCESS_IOCTL_DEV : 0;
    return files;
}

static int ruleset_new(int abi)
{
    const struct ruleset ruleset = {
        .files = files_of(abi),
        .net = abi >= ABI_NET ? NET_BIND | NET_CONNECT : 0,
        .scoped = abi >= ABI_SCOPE ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0,
    };
    /* An older kernel knows a shorter struct. */
    size_t size = abi >= ABI_SCOPE ? sizeof ruleset : abi >= ABI_NET ? 16 : 8;
    return (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
}

static bool allow_path(int ruleset, const char *path, uint64_t access)
{
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = file};
    long status = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    if (status != 0 && errno == EINVAL) { /* of a file, only what one does to files */
        rule.allowed_access = access & of_files;
        status = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(file);
    return status == 0;
}

static bool allow_paths(int ruleset, const char *const *paths, uint64_t access)
{
    for (; *paths; paths++)
        if (!allow_path(ruleset, *paths, access))
            return false;
    return true;
}

static bool allow_port(int ruleset, int port, uint64_t access)
{
    const struct port_rule rule = {.access = access, .port = (uint64_t)port};
    return syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0;
}

static bool allow_ports(int ruleset, const struct sandbox *sandbox)
{
    for (const int *port = sandbox->connects_to; *port; port++)
        if (!allow_port(ruleset, *port, NET_CONNECT))
            return false;
    return allow_port(ruleset, sandbox->listens_on, NET_BIND);
}

static bool allow_all(int ruleset, const struct sandbox *sandbox, int abi)
{
    uint64_t writing = files_of(abi) & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    return allow_paths(ruleset, sandbox->writes, writing) &&
           allow_paths(ruleset, sandbox->reads, reading) &&
           allow_paths(ruleset, sandbox->programs, reading | LANDLOCK_ACCESS_FS_EXECUTE) &&
           (abi < ABI_NET || allow_ports(ruleset, sandbox));
}

static const char *reach_of(int abi)
{
    if (abi >= ABI_SCOPE)
        return "files, TCP ports, signals";
    return abi >= ABI_NET ? "files, TCP ports" : "files";
}

bool sandbox_enter(const struct sandbox *sandbox, const char **ret_reach)
{
    int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        *ret_reach = "none: this kernel has no Landlock";
        return true;
    }
    int ruleset = ruleset_new(abi);
    bool entered = ruleset >= 0 && allow_all(ruleset, sandbox, abi) &&
                   prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                   syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (!entered)
        log_event(LOG_ERROR, "sandbox", log_text("why", strerror(errno)));
    if (ruleset >= 0)
        close(ruleset);
    *ret_reach = reach_of(abi);
    return entered;
}
