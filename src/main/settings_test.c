/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where settings come from, which one weighs more, and the sentence that a wrong one stops the
 * start with. Each test stands in an empty folder, without any ESSAIM_ variable. */
#include "main/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/smtp.h"

enum { WORDS_MAX = 12 };

struct place {
    struct mem *mem;
    char folder[32];
    struct settings settings;
    const char *error;
};

static const char *const variables[] = {"ESSAIM_CONF",
                                        "ESSAIM_DATA",
                                        "ESSAIM_LISTEN",
                                        "ESSAIM_BASE_URL",
                                        "ESSAIM_MAILBOX",
                                        "ESSAIM_TEST_CLOCK",
                                        "ESSAIM_LANG",
                                        "ESSAIM_PARTICIPANTS",
                                        "ESSAIM_SMTP",
                                        "ESSAIM_SMTP_USER",
                                        "ESSAIM_SMTP_PASSWORD_FILE",
                                        "ESSAIM_SMTP_CA",
                                        "ESSAIM_SMTP_RATE",
                                        "ESSAIM_SMTP_TIMEOUT",
                                        "ESSAIM_MAIL_FROM",
                                        "ESSAIM_BOUNCE_ADDRESS",
                                        "ESSAIM_RECIPIENT"};

static int set_up(void **state)
{
    struct mem *mem = mem_new(1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    snprintf(place->folder, sizeof place->folder, "/tmp/essaim-conf-XXXXXX");
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    *state = place;
    return mkdtemp(place->folder) ? chdir(place->folder) : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink("essaim.conf");
    unlink("other.conf");
    int code = chdir("/") || rmdir(place->folder);
    mem_free(place->mem);
    return code;
}

static void put_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Reads the settings of a command line, its words separated by one space. */
static bool read_line(void **state, const char *line)
{
    struct place *place = *state;
    char *words[WORDS_MAX];
    int count = 0;
    for (const char *at = line; *at;) {
        size_t length = strcspn(at, " ");
        words[count++] = mem_strndup(place->mem, at, length);
        at += length + (at[length] == ' ');
    }
    return settings_read(place->mem, count, words, &place->settings, &place->error);
}

static const struct settings *read_fine(void **state, const char *line)
{
    struct place *place = *state;
    if (!read_line(state, line))
        fail_msg("%s: %s", line, place->error);
    return &place->settings;
}

static void assert_refused(void **state, const char *line, const char *sentence)
{
    struct place *place = *state;
    assert_false(read_line(state, line));
    assert_string_equal(place->error, sentence);
}

static void with_nothing_said_it_serves_this_machine(void **state)
{
    const struct settings *settings = read_fine(state, "");
    assert_string_equal(settings->config.data, "data");
    assert_string_equal(settings->config.listen, "127.0.0.1:8080");
    assert_string_equal(settings->config.base_url, "http://127.0.0.1:8080");
    assert_null(settings->config.test_clock);
    assert_false(settings->config.mailbox);
    assert_string_equal(settings->lang, "fr");
    assert_int_equal(settings->participants, 5000);
}

static void options_come_with_or_without_an_equals_sign(void **state)
{
    const struct settings *settings =
        read_fine(state, "--data /srv/a --listen=[::1]:9 --mailbox --participants 7");
    assert_string_equal(settings->config.data, "/srv/a");
    assert_string_equal(settings->config.listen, "[::1]:9");
    assert_string_equal(settings->config.base_url, "http://[::1]:9");
    assert_true(settings->config.mailbox);
    assert_int_equal(settings->participants, 7);
    assert_string_equal(read_fine(state, "--data=a=b")->config.data, "a=b");
}

static void words_that_are_no_options_stand_anywhere_up_to_two_of_them(void **state)
{
    const struct settings *settings = read_fine(state, "grant --lang en anne@example.org");
    assert_int_equal(settings->words_count, 2);
    assert_string_equal(settings->words[0], "grant");
    assert_string_equal(settings->words[1], "anne@example.org");
    assert_string_equal(settings->lang, "en");
    assert_refused(state, "one two --lang en three", "\"three\" is one word too many.");
}

static void an_option_weighs_more_than_a_variable_and_that_more_than_the_file(void **state)
{
    put_file("essaim.conf", "data = from-file\nlang = en\nparticipants = 1\n");
    setenv("ESSAIM_DATA", "from-variable", 1);
    setenv("ESSAIM_PARTICIPANTS", "2", 1);
    const struct settings *settings = read_fine(state, "--participants 3");
    assert_string_equal(settings->lang, "en");
    assert_string_equal(settings->config.data, "from-variable");
    assert_int_equal(settings->participants, 3);
}

static void the_file_may_lie_elsewhere(void **state)
{
    put_file("essaim.conf", "data = not-this\n");
    put_file("other.conf", "# a comment\nbase-url = https://essaim.example\n");
    setenv("ESSAIM_CONF", "other.conf", 1);
    const struct settings *settings = read_fine(state, "");
    assert_string_equal(settings->config.base_url, "https://essaim.example");
    assert_string_equal(settings->config.data, "data");
    setenv("ESSAIM_CONF", "missing.conf", 1);
    assert_refused(state, "", "missing.conf cannot be read.");
}

static void a_file_that_is_wrong_stops_the_start(void **state)
{
    put_file("essaim.conf", "data = a\ncolour = red\n");
    assert_refused(state, "", "essaim.conf has a line \"colour\" that is not known.");
    put_file("essaim.conf", "data = a\nno sense\n");
    assert_refused(state, "", "Line 2 of essaim.conf cannot be read.");
    put_file("essaim.conf", "participants = many\n");
    assert_refused(state, "", "participants wants a whole number, not \"many\".");
}

static void a_variable_that_is_empty_says_nothing(void **state)
{
    setenv("ESSAIM_DATA", "", 1);
    setenv("ESSAIM_MAILBOX", "", 1);
    const struct settings *settings = read_fine(state, "");
    assert_string_equal(settings->config.data, "data");
    assert_false(settings->config.mailbox);
}

static void a_flag_is_yes_or_no(void **state)
{
    static const char *const yes[] = {"1", "yes", "true", "on"};
    static const char *const no[] = {"0", "no", "false", "off"};
    for (size_t i = 0; i < 4; i++) {
        setenv("ESSAIM_MAILBOX", yes[i], 1);
        assert_true(read_fine(state, "")->config.mailbox);
        setenv("ESSAIM_MAILBOX", no[i], 1);
        assert_false(read_fine(state, "")->config.mailbox);
    }
    assert_refused(state, "--mailbox=maybe", "mailbox wants yes or no, not \"maybe\".");
}

static void options_that_are_wrong_are_told(void **state)
{
    assert_refused(state, "--colour red", "There is no option --colour.");
    assert_refused(state, "--dat a", "There is no option --dat.");
    assert_refused(state, "--data", "--data wants a value.");
    assert_refused(state, "--data=", "data wants a value.");
    assert_refused(state, "--participants 1.5", "participants wants a whole number, not \"1.5\".");
    assert_refused(state, "--participants 0", "participants is a number from 1 to 1000000.");
    assert_refused(state, "--participants 1000001", "participants is a number from 1 to 1000000.");
    assert_refused(state, "--lang de", "lang is fr or en.");
}

static void an_address_has_a_port(void **state)
{
    static const char *const bad[] = {"8080",         ":8080",          "127.0.0.1",
                                      "127.0.0.1:",   "127.0.0.1:http", "127.0.0.1:65536",
                                      "127.0.0.1:-1", "127.0.0.1:8080/"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(state, mem_printf(place->mem, "--listen %s", bad[i]),
                       mem_printf(place->mem, "listen wants ADDR:PORT, not \"%s\".", bad[i]));
}

static void an_address_is_taken_apart(void **state)
{
    struct place *place = *state;
    const char *address = NULL;
    int port = -1;
    assert_true(listen_parse(place->mem, "0.0.0.0:0", &address, &port));
    assert_string_equal(address, "0.0.0.0");
    assert_int_equal(port, 0);
    assert_true(listen_parse(place->mem, "[::1]:65535", &address, &port));
    assert_string_equal(address, "::1");
    assert_int_equal(port, 65535);
    assert_false(listen_parse(place->mem, "", &address, &port));
    assert_string_equal(address, "::1");
}

static void the_site_is_at_the_root_of_its_host(void **state)
{
    static const char *const good[] = {"http://localhost", "https://essaim.example",
                                       "https://essaim.example:8443", "http://[::1]:8080"};
    static const char *const bad[] = {
        "essaim.example",          "ftp://essaim.example",  "https://",
        "https://essaim.example/", "https://a.example/b",   "https://a.example?b",
        "https://a@b.example",     "https://:8080",         "https://a.example#b",
        "//essaim.example",        "https:/essaim.example", "https://a\"b"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        read_fine(state, mem_printf(place->mem, "--base-url %s", good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(state, mem_printf(place->mem, "--base-url %s", bad[i]),
                       "base-url is http:// or https:// and a host, and perhaps a port, without a "
                       "path.");
}

static void a_database_has_an_address_of_postgresql(void **state)
{
    assert_null(read_fine(state, "")->config.database);
    assert_string_equal(read_fine(state, "--database postgresql:///essaim")->config.database,
                        "postgresql:///essaim");
    static const char *const bad[] = {"essaim.db", "mysql://there", "postgresql:essaim"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(state, mem_printf(place->mem, "--database %s", bad[i]),
                       "database wants the address of a PostgreSQL database, postgresql://…; "
                       "without it, the database is a file in the data folder.");
}

static void what_is_for_this_machine_alone_stays_on_it(void **state)
{
    struct place *place = *state;
    static const char *const open[] = {"0.0.0.0:80", "[::]:80", "192.0.2.1:80", "example.org:80"};
    static const char *const own[] = {"127.0.0.1:80", "127.1.2.3:80", "[::1]:80"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        read_fine(state, mem_printf(place->mem, "--listen %s", open[i]));
        assert_false(read_line(state, mem_printf(place->mem, "--mailbox --listen %s", open[i])));
        assert_true(str_starts(place->error, "The mailbox is for this machine alone"));
        assert_false(
            read_line(state, mem_printf(place->mem, "--test-clock now --listen %s", open[i])));
        assert_true(str_starts(place->error, "The test clock is for this machine alone"));
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        read_fine(state, mem_printf(place->mem, "--mailbox --test-clock now --listen %s", own[i]));
}

static void visitors_pages_are_kept_in_24_megabytes_or_what_is_set(void **state)
{
    assert_int_equal(read_fine(state, "")->config.cache_mb, 24);
    assert_int_equal(read_fine(state, "--cache-mb 0")->config.cache_mb, 0);
    assert_refused(state, "--cache-mb 4097", "cache-mb is a number from 0 to 4096.");
    assert_refused(state, "--cache-mb -1", "cache-mb is a number from 0 to 4096.");
}

static void without_a_server_mails_wait(void **state)
{
    const struct settings *settings = read_fine(state, "");
    assert_null(settings->config.smtp);
    assert_null(settings->config.mail_from);
    assert_int_equal(settings->config.smtp_rate, 600);
}

static void a_server_is_told_with_its_user_and_password(void **state)
{
    const struct smtp_server *server =
        read_fine(state,
                  "--smtp smtps://mail.essaim.fr --smtp-user ann --smtp-password-file secret "
                  "--smtp-ca ca.pem --smtp-timeout 5")
            ->config.smtp;
    assert_string_equal(server->host, "mail.essaim.fr");
    assert_string_equal(server->user, "ann");
    assert_string_equal(server->password_file, "secret");
    assert_null(server->password);
    assert_string_equal(server->ca_file, "ca.pem");
    assert_int_equal(server->timeout_seconds, 5);
    const struct settings *settings =
        read_fine(state, "--smtp smtp://ann:a%20b@mail.essaim.fr --smtp-rate 60 "
                         "--mail-from bonjour@essaim.fr --bounce-address retours@essaim.fr");
    assert_string_equal(settings->config.smtp->password, "a b");
    assert_int_equal(settings->config.smtp->timeout_seconds, 60);
    assert_int_equal(settings->config.smtp_rate, 60);
    assert_string_equal(settings->config.mail_from, "bonjour@essaim.fr");
    assert_string_equal(settings->config.bounce_address, "retours@essaim.fr");
}

static void what_does_not_fit_about_mails_is_refused(void **state)
{
    static const char *const lines[][2] = {
        {"--smtp smtp://a --mailbox", "Mails are sent by smtp or shown by mailbox, not both."},
        {"--smtp http://a",
         "smtp begins with smtps://, smtp://, smtp+starttls:// or smtp+plain://."},
        {"--smtp-user ann", "smtp-user, smtp-password-file and smtp-ca are about the server of "
                            "smtp, which is not set."},
        {"--smtp smtp://ann:p@a --smtp-user bob",
         "The user is in smtp and in smtp-user: once is enough."},
        {"--smtp smtp://ann:p@a --smtp-password-file f",
         "The password is in smtp and in smtp-password-file: once is enough."},
        {"--smtp smtp://a --smtp-password-file f",
         "smtp-password-file has a password, but smtp-user says no name."},
        {"--smtp smtp://ann@a",
         "smtp has a user, but no password: smtp-password-file says where it is."},
        {"--smtp smtp+plain://ann:p@a",
         "smtp+plain:// would send the password in the clear to another machine."},
        {"--smtp-rate 0", "smtp-rate is a number from 1 to 60000."},
        {"--smtp-rate 60001", "smtp-rate is a number from 1 to 60000."},
        {"--smtp-timeout 601", "smtp-timeout is a number of seconds from 1 to 600."},
        {"--mail-from essaim.fr", "mail-from is no e-mail address."},
        {"--bounce-address a+b@essaim.fr",
         "bounce-address is no e-mail address, or has a \"+\", or is too long before its \"@\"."},
        {"--bounce-address abcdefghijklmnopqrstuvwxyz01@essaim.fr",
         "bounce-address is no e-mail address, or has a \"+\", or is too long before its \"@\"."},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_refused(state, lines[i][0], lines[i][1]);
}

static void each_setting_has_its_line_in_the_help(void **state)
{
    struct place *place = *state;
    const char *help = settings_help(place->mem);
    static const char *const names[] = {"--data ",           "--listen ",
                                        "--base-url ",       "--mailbox ",
                                        "--test-clock ",     "--lang ",
                                        "--participants ",   "--smtp ",
                                        "--smtp-user ",      "--smtp-password-file ",
                                        "--smtp-ca ",        "--smtp-rate ",
                                        "--smtp-timeout ",   "--mail-from ",
                                        "--bounce-address ", "--no-sandbox ",
                                        "--proxy ",          "--community "};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(strstr(help, names[i]));
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(with_nothing_said_it_serves_this_machine),
        FRESH(options_come_with_or_without_an_equals_sign),
        FRESH(words_that_are_no_options_stand_anywhere_up_to_two_of_them),
        FRESH(an_option_weighs_more_than_a_variable_and_that_more_than_the_file),
        FRESH(the_file_may_lie_elsewhere),
        FRESH(a_database_has_an_address_of_postgresql),
        FRESH(a_file_that_is_wrong_stops_the_start),
        FRESH(a_variable_that_is_empty_says_nothing),
        FRESH(a_flag_is_yes_or_no),
        FRESH(options_that_are_wrong_are_told),
        FRESH(an_address_has_a_port),
        FRESH(an_address_is_taken_apart),
        FRESH(the_site_is_at_the_root_of_its_host),
        FRESH(what_is_for_this_machine_alone_stays_on_it),
        FRESH(visitors_pages_are_kept_in_24_megabytes_or_what_is_set),
        FRESH(without_a_server_mails_wait),
        FRESH(a_server_is_told_with_its_user_and_password),
        FRESH(what_does_not_fit_about_mails_is_refused),
        FRESH(each_setting_has_its_line_in_the_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
