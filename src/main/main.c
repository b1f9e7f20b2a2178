/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The command line. */
#include <stdio.h>
#include <sysexits.h>

#include "base/mem.h"
#include "base/str.h"
#include "main/commands.h"
#include "main/settings.h"

enum { SETTINGS_BYTES_MAX = 256 * 1024 };

struct command {
    const char *name;
    int (*run)(const struct settings *settings);
    const char *help;
    int words_max;       /* that it takes beside options */
    const char *details; /* of `help COMMAND`; NULL: the help of all */
    int wrong_use;       /* exit status of it; 0: 2 */
};

static const struct command commands[] = {
    {"serve", command_serve, "serves the communities of the data folder"},
    {"demo", command_demo, "fills an empty data folder with the demonstration"},
    {"migrate", command_migrate, "brings the data folder to the present schema"},
    {"admin", command_admin, "says and changes who administrates", .words_max = SETTINGS_WORDS_MAX,
     .details = admin_help},
    {"mail-in", command_mail_in, "takes in a mail that came back, from standard input",
     .details = mail_in_help, .wrong_use = EX_TEMPFAIL},
    {"backup", command_backup, "copies the install into one file, while it serves", .words_max = 1,
     .details = backup_help},
    {"restore", command_restore, "puts such a copy into an empty data folder", .words_max = 1,
     .details = restore_help},
    {"move", command_move, "copies the install into a PostgreSQL database", .details = move_help},
    {"openapi", command_openapi, "prints the OpenAPI document of all addresses"},
    {"check", command_check, "says what does not add up in the data folder"},
};
enum { COMMANDS_COUNT = sizeof commands / sizeof *commands };

static const struct command *command_find(const char *name)
{
    for (int i = 0; i < COMMANDS_COUNT; i++)
        if (str_equal(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static void print_command(const struct command *command)
{
    printf("essaim %s: %s.\n%s", command->name, command->help, command->details);
}

static void print_help(struct mem *mem)
{
    printf("Essaim gathers a community and acts together.\n\n");
    for (int i = 0; i < COMMANDS_COUNT; i++)
        printf("  essaim %-8s %s\n", commands[i].name, commands[i].help);
    printf("  essaim version\n  essaim help [COMMAND]\n\nOptions, also as ESSAIM_… in the "
           "environment and as "
           "lines of essaim.conf:\n%s",
           settings_help(mem));
}

/* `help`, `help COMMAND`, and --help anywhere. */
static int help(struct mem *mem, const char *about)
{
    const struct command *command = about ? command_find(about) : NULL;
    if (command && command->details)
        print_command(command);
    else
        print_help(mem);
    return 0;
}

static int refuse_word(const char *word)
{
    fprintf(stderr, "\"%s\" is one word too many.\n", word);
    return 2;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return str_equal(word, a) || str_equal(word, b);
}

static int run(struct mem *mem, int argc, char *const argv[])
{
    struct settings settings;
    const char *error;
    const char *name = argc > 1 ? argv[1] : "help";
    const struct command *command = command_find(name);
    for (int i = 1; i < argc; i++)
        if (is_one_of(argv[i], "--help", "-h"))
            return help(mem, argc > 2 ? name : NULL);
    if (str_equal(name, "help"))
        return argc > 1 ? help(mem, argc > 2 ? argv[2] : NULL) : 2 + help(mem, NULL);
    if (is_one_of(name, "version", "--version")) {
        printf("essaim %s\n", ESSAIM_VERSION);
        return 0;
    }
    if (!command) {
        fprintf(stderr, "There is no command \"%s\": see essaim help.\n", name);
        return 2;
    }
    if (!settings_read(mem, argc - 2, argv + 2, &settings, &error)) {
        fprintf(stderr, "%s\n", error);
        return command->wrong_use ? command->wrong_use : 2;
    }
    if (settings.words_count > command->words_max)
        return refuse_word(settings.words[command->words_max]);
    return command->run(&settings);
}

int main(int argc, char *argv[])
{
    struct mem *mem = mem_new(SETTINGS_BYTES_MAX);
    int status = run(mem, argc, argv);
    mem_free(mem);
    return status;
}
