/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the URL of a mail server means. Sending to one is tested over the wire. */
#include "sys/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

static int set_up(void **state)
{
    *state = mem_new(1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static void assert_read(struct mem *mem, const char *url, const struct smtp_server *wanted)
{
    struct smtp_server server;
    const char *error = NULL;
    if (!smtp_server_read(mem, url, &server, &error))
        fail_msg("%s: %s", url, error);
    assert_string_equal(server.host, wanted->host);
    assert_int_equal(server.port, wanted->port);
    assert_int_equal(server.tls, wanted->tls);
}

static void the_line_is_encrypted_unless_it_leaves_no_machine(void **state)
{
    static const struct {
        const char *url;
        struct smtp_server server;
    } cases[] = {
        {"smtps://mail.essaim.fr", {.host = "mail.essaim.fr", .port = 465, .tls = SMTP_TLS}},
        {"smtps://127.0.0.1:4650", {.host = "127.0.0.1", .port = 4650, .tls = SMTP_TLS}},
        {"smtp://mail.essaim.fr", {.host = "mail.essaim.fr", .port = 587, .tls = SMTP_STARTTLS}},
        {"smtp://mail.essaim.fr:25/", {.host = "mail.essaim.fr", .port = 25, .tls = SMTP_STARTTLS}},
        {"smtp://127.example.fr", {.host = "127.example.fr", .port = 587, .tls = SMTP_STARTTLS}},
        {"smtp://localhost", {.host = "localhost", .port = 25, .tls = SMTP_PLAIN}},
        {"smtp://127.0.0.1:2525", {.host = "127.0.0.1", .port = 2525, .tls = SMTP_PLAIN}},
        {"smtp://[::1]", {.host = "::1", .port = 25, .tls = SMTP_PLAIN}},
        {"smtp+starttls://127.0.0.1", {.host = "127.0.0.1", .port = 587, .tls = SMTP_STARTTLS}},
        {"smtp+plain://relay", {.host = "relay", .port = 25, .tls = SMTP_PLAIN}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_read(*state, cases[i].url, &cases[i].server);
}

static void user_and_password_are_decoded(void **state)
{
    struct smtp_server server;
    const char *error;
    assert_true(smtp_server_read(*state, "smtps://ann%40essaim.fr:p%3Aq%2F@mail.essaim.fr", &server,
                                 &error));
    assert_string_equal(server.user, "ann@essaim.fr");
    assert_string_equal(server.password, "p:q/");
    assert_true(smtp_server_read(*state, "smtps://mail.essaim.fr", &server, &error));
    assert_null(server.user);
    assert_null(server.password);
}

static void what_is_no_server_is_told_without_quoting_it(void **state)
{
    static const char *const urls[] = {
        "",           "mail.essaim.fr",         "http://mail.essaim.fr",    "smtp://",
        "smtp://:25", "smtp://host:port",       "smtp://host/path",         "smtp://host?a=secret",
        "smtp:host",  "smtp://:secret@host:25", "smtp://a:secret@b@c:d:e/", "smtp://host#secret",
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct smtp_server server;
        const char *error = NULL;
        if (smtp_server_read(*state, urls[i], &server, &error))
            fail_msg("%s is taken", urls[i]);
        assert_non_null(error);
        assert_null(strstr(error, "secret"));
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_line_is_encrypted_unless_it_leaves_no_machine),
        TEST(user_and_password_are_decoded),
        TEST(what_is_no_server_is_told_without_quoting_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
