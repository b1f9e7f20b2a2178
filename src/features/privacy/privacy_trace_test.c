/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody does all that can be done here, under one unmistakable name, and is erased: the name is
 * searched for in every text of every table, on every page that had it, in the mailbox and in the
 * log. Who adds a table or a text to one is told here when they forget who stands in it. */
#include "story/make_sign_ups.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "sys/db_testing.h"
#include "web/work.h"

#define ZOE "zebuline@example.org"
#define MARK "zebuline"
#define ANNE "anne@example.org"

/* Where the mark is: tables and columns, a line each. */
struct search {
    int found;
    const char *where;
};

static void search_table(struct work *work, struct search *search, const char *table)
{
    const char *sql = mem_printf(work->mem, "SELECT * FROM \"%s\"", table);
    for (const struct db_row *row = tx_rows(work->tx, sql); row; row = row->next)
        for (int i = 0; i < row->columns; i++) {
            const struct db_value *value = row_value(row, i);
            if (value->type != DB_TEXT || !strcasestr(value->bytes, MARK))
                continue;
            search->found++;
            if (!strstr(search->where, table))
                search->where = mem_printf(work->mem, "%s %s", search->where, table);
        }
}

static void search_all(struct work *work, void *context)
{
    struct search *search = context;
    const struct db_row *row = tx_rows(work->tx, database_tables_sql());
    for (; row; row = row->next)
        search_table(work, search, row_text(row, 0));
    if (search->found)
        print_message("found in:%s\n", search->where);
}

static int traces(struct story *story)
{
    struct search search = {.where = ""};
    story_write(story, search_all, &search);
    return search.found;
}

static void posts(struct story *story, const char *path, const char *form)
{
    struct answer answer = story_post(story, path, form);
    if (answer.status != 303)
        fail_msg("%s with %s: %d", path, form, answer.status);
}

static const char *token_of(const char *link)
{
    return strrchr(link, '/') + 1;
}

/* From here on everything is logged, to a file; gives what standard error was. */
static int log_begin(struct story *story)
{
    int was = dup(STDERR_FILENO);
    int file = open(mem_printf(story->mem, "%s/log", story->folder), O_CREAT | O_RDWR, 0600);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    close(file);
    log_set_level(LOG_DEBUG);
    return was;
}

/* All that was logged: at least something. */
static const char *log_end(struct story *story, int was)
{
    enum { LOG_BYTES_MAX = 1 << 20 };
    char *text = mem_alloc(story->mem, LOG_BYTES_MAX);
    log_event(LOG_INFO, "story_ends", log_int("at", story_now(story)));
    ssize_t count = pread(STDERR_FILENO, text, LOG_BYTES_MAX - 1, 0);
    assert_true(count > 0);
    log_set_level(LOG_ERROR + 1);
    dup2(was, STDERR_FILENO);
    close(was);
    assert_non_null(strstr(text, "story_ends"));
    return text;
}

/* As a guest: in, changed, gone, waiting; a number with a word, and what is wrong with a page. */
static struct campaign_id takes_part(struct story *story)
{
    struct campaign_id id = make_hedge(story, 20);
    make_dates(story);
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.quantity_unit = "e-mails";
    make_campaign(story, &draft);
    guest_comes(story, "haie", ZOE, "party=3&show_name=true");
    guest_sends(story, guest_comes(story, "dates", ZOE, on_date(story, MORNING, "")), "cancel", "");
    guest_asks(story, "dates", ZOE, on_date(story, AFTERNOON, "party=2"));
    const char *own = guest_comes(story, "balai", ZOE, "");
    posts(story, "/campaigns/balai/reports",
          mem_printf(story->mem, "token=%s&quantity=12&note=De+" MARK, token_of(own)));
    posts(story, "/campaigns/haie/flag",
          "reason=other&words=Signed+" MARK "&email=" ZOE "&subject=");
    const char *settings = story_mail_path(story, ZOE, "/mail/");
    posts(story, mem_printf(story->mem, "%s/off/campaign-news", settings), "");
    return id;
}

/* With an account: offered a role, invited to lead, called by name, leading, writing to all; and in
 * the notes of who organises. */
static void leads(struct story *story, struct campaign_id id)
{
    struct campaign_draft draft = make_draft("semis", "Semis");
    make_campaign(story, &draft);
    nadia_leads(story, id);
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    posts(story, "/campaigns/semis/organise/people",
          "first_name=" MARK "&email=" ZOE "&party=1&note=Allergic+" MARK);
    posts(story, "/administration/people", "email=" ZOE "&role=facilitator");
    posts(story, "/campaigns/haie/organise/team", "email=" ZOE);
    const char *invitation = story_mail_path(story, ZOE, "/invitations/");
    story_sign_in(story, ZOE);
    posts(story, "/account", "name=" MARK "+Martin");
    posts(story, invitation, "");
    posts(story, "/campaigns", "template=place");
    posts(story, "/campaigns/haie/organise/message", "subject=Salut&body=A+tous");
    story_sign_out(story);
}

static void who_is_erased_leaves_no_trace(void **state)
{
    struct story *story = *state;
    story->sweeps = false; /* each of these requests has its own story */
    int log = log_begin(story);
    leads(story, takes_part(story));
    assert_true(traces(story) > 15);
    posts(story, "/my-data", "email=" ZOE);
    posts(story, mem_printf(story->mem, "%s/erase", story_mail_path(story, ZOE, "/my-data/")),
          "sure=true");
    story_wait(story, 31 * DAY_SECONDS); /* the texts of mails to others are empty by then */
    assert_int_equal(traces(story), 0);
    assert_false(strcasestr(log_end(story, log), MARK) != NULL);
    assert_false(strcasestr(story_get(story, "/campaigns/haie").body, MARK) != NULL);
    assert_false(strcasestr(story_get(story, "/campaigns?q=" MARK).body, "/campaigns/haie") !=
                 NULL);
    assert_false(strcasestr(story_get(story, "/mailbox").body, MARK) != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_is_erased_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
