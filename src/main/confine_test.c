/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a serving process can still do, and what it cannot: each attempt is made in a process of its
 * own that confined itself as `serve` does. Where the kernel has no Landlock, or an old one, what
 * it cannot prevent is skipped, and said so. */
#include "main/confine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "main/settings.h"
#include "sys/smtp.h"

enum { BYTES_MAX = 1024 * 1024, PORT_MAILS = 2525, PORT_OTHER = 9, ABI_NET = 4, ABI_SCOPE = 6 };

static char folder[] = "/tmp/essaim-confine-XXXXXX";

static const char *in_folder(struct mem *mem, const char *name)
{
    return mem_printf(mem, "%s/%s", folder, name);
}

/* Each gives 0 when it could, else why not. */

static int attempt_open(const char *path, int flags)
{
    int file = open(path, flags, 0600);
    return file < 0 ? errno : 0;
}

static int attempt_socket(int port, int (*act)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    return act(sock, (const struct sockaddr *)&to, sizeof to) == 0 || errno == ECONNREFUSED ? 0
                                                                                            : errno;
}

static int writes_in_the_data_folder(struct mem *mem)
{
    const char *path = in_folder(mem, "data/x");
    int why = attempt_open(path, O_CREAT | O_RDWR | O_TRUNC);
    return why ? why : rename(path, in_folder(mem, "data/y")) || unlink(in_folder(mem, "data/y"));
}

static int reads_a_zone(struct mem *mem)
{
    (void)mem;
    return attempt_open("/usr/share/zoneinfo/Europe/Paris", O_RDONLY);
}

static int reads_certificates(struct mem *mem)
{
    (void)mem;
    return attempt_open("/etc/ssl/certs/ca-certificates.crt", O_RDONLY);
}

static int reads_the_test_clock(struct mem *mem)
{
    return attempt_open(in_folder(mem, "clock/now"), O_RDONLY);
}

static int resolves_a_name(struct mem *mem)
{
    (void)mem;
    struct addrinfo *found = NULL;
    return getaddrinfo("localhost", "25", NULL, &found);
}

static int listens(struct mem *mem)
{
    (void)mem;
    return attempt_socket(0, bind);
}

static int connects_to_the_mail_server(struct mem *mem)
{
    (void)mem;
    return attempt_socket(PORT_MAILS, connect);
}

static int reads_passwords(struct mem *mem)
{
    (void)mem;
    return attempt_open("/etc/passwd", O_RDONLY);
}

static int reads_a_neighbour(struct mem *mem)
{
    return attempt_open(in_folder(mem, "other/secret"), O_RDONLY);
}

static int writes_beside_the_data_folder(struct mem *mem)
{
    return attempt_open(in_folder(mem, "x"), O_CREAT | O_WRONLY);
}

static int writes_the_test_clock(struct mem *mem)
{
    return attempt_open(in_folder(mem, "clock/now"), O_WRONLY);
}

static int runs_a_program(struct mem *mem)
{
    (void)mem;
    execl("/bin/sh", "sh", "-c", "exit 0", NULL);
    return errno;
}

static int runs_what_it_wrote(struct mem *mem)
{
    const char *path = in_folder(mem, "data/run");
    execl(path, path, NULL);
    return errno;
}

static int connects_elsewhere(struct mem *mem)
{
    (void)mem;
    return attempt_socket(PORT_OTHER, connect);
}

static int listens_elsewhere(struct mem *mem)
{
    (void)mem;
    return attempt_socket(PORT_MAILS + 1, bind);
}

static int ends_somebody_else(struct mem *mem)
{
    (void)mem;
    return kill(getppid(), 0) == 0 ? 0 : errno;
}

/* In a process of its own, confined or not; its exit status is what the attempt gives. */
static int tried(int (*attempt)(struct mem *mem), bool confined)
{
    pid_t child = fork();
    if (child == 0) {
        struct mem *mem = mem_new(BYTES_MAX);
        const struct smtp_server smtp = {.host = "127.0.0.1", .port = PORT_MAILS};
        const struct settings settings = {
            .config = {.data = in_folder(mem, "data"),
                       .listen = "127.0.0.1:0",
                       .test_clock = in_folder(mem, "clock/now"),
                       .smtp = &smtp},
            .no_sandbox = !confined,
        };
        log_set_level(LOG_ERROR);
        const char *reach;
        int why = confine(mem, &settings, &reach) ? attempt(mem) : ENOSYS;
        _exit(why);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int kernel_abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static void make_file(struct mem *mem, const char *name, mode_t mode)
{
    int file = open(in_folder(mem, name), O_CREAT | O_WRONLY, mode);
    assert_true(file >= 0);
    assert_int_equal(write(file, "#!/bin/sh\n", 10), 10);
    close(file);
}

static int set_up(void **state)
{
    struct mem *mem = mem_new(BYTES_MAX);
    assert_non_null(mkdtemp(folder));
    static const char *const folders[] = {"data", "clock", "other"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(in_folder(mem, folders[i]), 0700), 0);
    make_file(mem, "clock/now", 0600);
    make_file(mem, "other/secret", 0600);
    make_file(mem, "data/run", 0700);
    *state = mem;
    return 0;
}

static int tear_down(void **state)
{
    struct mem *mem = *state;
    static const char *const files[] = {"clock/now", "other/secret", "data/run", "x"};
    static const char *const folders[] = {"data", "clock", "other", ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(in_folder(mem, files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        rmdir(in_folder(mem, folders[i]));
    mem_free(mem);
    return 0;
}

static void what_it_needs_is_in_reach(void **state)
{
    (void)state;
    assert_int_equal(tried(writes_in_the_data_folder, true), 0);
    assert_int_equal(tried(reads_a_zone, true), 0);
    assert_int_equal(tried(reads_certificates, true), 0);
    assert_int_equal(tried(reads_the_test_clock, true), 0);
    assert_int_equal(tried(resolves_a_name, true), 0);
    assert_int_equal(tried(listens, true), 0);
    assert_int_equal(tried(connects_to_the_mail_server, true), 0);
}

/* It could without the sandbox, and cannot with it. */
static void assert_prevented(int (*attempt)(struct mem *mem), int why)
{
    assert_int_equal(tried(attempt, false), 0);
    assert_int_equal(tried(attempt, true), why);
}

static void other_files_are_out_of_reach(void **state)
{
    (void)state;
    if (kernel_abi() < 1)
        skip();
    assert_prevented(reads_passwords, EACCES);
    assert_prevented(reads_a_neighbour, EACCES);
    assert_prevented(writes_beside_the_data_folder, EACCES);
    assert_prevented(writes_the_test_clock, EACCES);
}

static void nothing_is_run(void **state)
{
    (void)state;
    if (kernel_abi() < 1)
        skip();
    assert_prevented(runs_a_program, EACCES);
    assert_prevented(runs_what_it_wrote, EACCES);
}

static void other_ports_are_out_of_reach(void **state)
{
    (void)state;
    if (kernel_abi() < ABI_NET)
        skip();
    assert_prevented(connects_elsewhere, EACCES);
    assert_prevented(listens_elsewhere, EACCES);
}

static void other_processes_are_left_alone(void **state)
{
    (void)state;
    if (kernel_abi() < ABI_SCOPE)
        skip();
    assert_prevented(ends_somebody_else, EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_needs_is_in_reach),
        cmocka_unit_test(other_files_are_out_of_reach),
        cmocka_unit_test(nothing_is_run),
        cmocka_unit_test(other_ports_are_out_of_reach),
        cmocka_unit_test(other_processes_are_left_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
