/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often one network may do the same thing, of the whole program: each limit of web/rate.h is
 * gone up to and beyond, and what is refused says so politely, says when to come back, and keeps
 * what was typed; another network, and this machine, go on. And nobody can add a form for everybody
 * without one. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "features/reports/reports.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "web/app.h"
#include "web/rate.h"
#include "web/route.h"

#define ANNE "anne@example.org"

#define HALL "192.0.2.7"
#define OTHER "192.0.2.8"

static const struct limited {
    enum rate_of of;
    const char *path;
    const char *form; /* `#` counts, in six digits; `$`, at the end, is what its story made */
    const char *kept; /* what stands on the page that refuses */
} limited[] = {
    {RATE_MAIL, "/sign-in", "email=p#@example.org", "value=\"p#@example.org\""},
    {RATE_MAIL, "/my-data", "email=p#@example.org", "value=\"p#@example.org\""},
    {RATE_CODE, "/campaigns/haie/sent", "code=#&h=$", "value=\"#\""},
    {RATE_CODE, "/sign-in/code", "code=#", "value=\"#\""},
    {RATE_REPORT, "/campaigns/balai/reports", "note=Ouf&quantity=#&token=$", "value=\"#\""},
    {RATE_WRITE, "/campaigns/haie/flag", "reason=other&words=Regardez+#", "Regardez #<"},
};
enum { LIMITED = sizeof limited / sizeof *limited, NUMBERS_FROM = 4000 };

/* What `$` stands for: a handle that waits for its code, the token of who takes part. */
static const char *made(struct story *story, const struct limited *limit)
{
    if (str_equal(limit->path, "/campaigns/haie/sent"))
        return answer_text(guest_asks_json(story, "haie", ANNE, ""), "handle");
    if (limit->of != RATE_REPORT)
        return "";
    return strrchr(guest_comes(story, "balai", ANNE, ""), '/') + 1;
}

/* With its holes filled. */
static const char *filled(struct story *story, const char *text, int number, const char *made)
{
    const char *hole = strchr(text, '#');
    size_t rest = strcspn(hole + 1, "$");
    return mem_printf(story->mem, "%.*s%06d%.*s%s", (int)(hole - text), text, number, (int)rest,
                      hole + 1, hole[1 + rest] == '$' ? made : "");
}

static struct answer sends(struct story *story, const struct limited *limit, int number,
                           const char *given)
{
    return story_post(story, limit->path, filled(story, limit->form, number, given));
}

/* What is given before: the cookie of a browser that waits for a sign-in's code. */
static void asks_to_sign_in(struct story *story)
{
    struct answer asked = story_post(story, "/sign-in", "email=" ANNE);
    story->cookie = mem_strndup(story->mem, asked.cookies, strcspn(asked.cookies, ";"));
}

static const struct limited *limit_of(const char *path)
{
    int i = 0;
    while (i < LIMITED && !str_equal(limited[i].path, path))
        i++;
    assert_true(i < LIMITED);
    return &limited[i];
}

/* So many of them, and none is one too many. */
static void all_pass(struct story *story, const struct limited *limit, const char *given)
{
    for (int i = 0; i < rate_times(limit->of); i++)
        if (sends(story, limit, i, given).status == 429)
            fail_msg("%s refuses after %d", limit->path, i);
}

/* The first one too many, and its number: some more pass meanwhile, since what is used comes back
 * evenly. */
static struct answer one_too_many(struct story *story, const struct limited *limit,
                                  const char *given, int *ret_number)
{
    struct answer answer = {0};
    int number = NUMBERS_FROM;
    do
        answer = sends(story, limit, number++, given);
    while (answer.status != 429 && number < NUMBERS_FROM + rate_times(limit->of));
    *ret_number = number - 1;
    return answer;
}

static void goes_up_to_it_and_beyond(struct story *story, const char *path)
{
    const struct limited *limit = limit_of(path);
    const char *given = made(story, limit);
    story->address = HALL;
    all_pass(story, limit, given);
    int number;
    struct answer answer = one_too_many(story, limit, given, &number);
    assert_int_equal(answer.status, 429);
    assert_string_equal(answer.retry_after,
                        mem_printf(story->mem, "%d", rate_pause_seconds(limit->of)));
    assert_true(answer_says(answer, "depuis votre réseau"));
    const char *kept = filled(story, limit->kept, number, "");
    if (!answer_says(answer, kept))
        fail_msg("%s does not keep %s", path, kept);
    story->address = OTHER;
    assert_int_not_equal(sends(story, limit, 2 * NUMBERS_FROM, given).status, 429);
    story->address = "127.0.0.1";
    all_pass(story, limit, given);
}

/* "haie" and "balai", which counts e-mails. */
static struct story *begins(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_hedge(story, SESSION_UNLIMITED);
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.quantity_unit = "e-mails";
    make_campaign(story, &draft);
    return story;
}

static void mails_to_sign_in(void **state)
{
    goes_up_to_it_and_beyond(begins(state), "/sign-in");
}

static void mails_with_ones_data(void **state)
{
    goes_up_to_it_and_beyond(begins(state), "/my-data");
}

static void wrong_codes_of_sign_ups(void **state)
{
    goes_up_to_it_and_beyond(begins(state), "/campaigns/haie/sent");
}

static void wrong_codes_to_sign_in(void **state)
{
    struct story *story = begins(state);
    asks_to_sign_in(story);
    goes_up_to_it_and_beyond(story, "/sign-in/code");
}

static void numbers_that_are_told(void **state)
{
    goes_up_to_it_and_beyond(begins(state), "/campaigns/balai/reports");
}

static void notices_of_abuse(void **state)
{
    goes_up_to_it_and_beyond(begins(state), "/campaigns/haie/flag");
}

/* A hall types its codes at once, from one address. */
static void right_codes_are_not_counted(void **state)
{
    struct story *story = begins(state);
    story->address = HALL;
    for (int i = 0; i < rate_times(RATE_CODE) + 5; i++) {
        const char *email = mem_printf(story->mem, "p%d@example.org", i);
        const char *handle = answer_text(guest_asks_json(story, "haie", email, ""), "handle");
        const char *code = story_mail_code(story, email);
        assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
    }
}

static void campaigns_that_are_begun(void **state)
{
    struct story *story = begins(state);
    story->address = HALL;
    for (int i = 0; i < rate_times(RATE_WRITE); i++) {
        if (i % 10 == 0) /* each begins fewer than one person may */
            story_sign_in(story, mem_printf(story->mem, "p%d@example.org", i));
        assert_int_equal(story_post(story, "/campaigns", "template=place").status, 303);
    }
    struct answer answer = story_post(story, "/campaigns", "template=place");
    assert_int_equal(answer.status, 429);
    assert_true(answer_says(answer, "depuis votre réseau"));
    story->address = OTHER;
    assert_int_equal(story_post(story, "/campaigns", "template=place").status, 303);
}

/* Signing up is limited by its rule, and nobody is refused; the others write nothing that stays. */
static const char *const unlimited[] = {"/campaigns/:slug/sign-ups", "/language", "/sign-out"};

static void no_form_for_everybody_is_without_a_limit(void **state)
{
    struct story *story = *state;
    const struct route_table *table = story->program->app.routes;
    const struct route *route;
    int open = 0;
    for (int i = 0; (route = route_at(table, i)); i++) {
        if (str_equal(route->method, "GET") || route->access != ACCESS_ANYONE || route->rate)
            continue;
        bool known = false;
        for (size_t n = 0; n < sizeof unlimited / sizeof *unlimited; n++)
            known = known || str_equal(route->path, unlimited[n]);
        if (!known)
            fail_msg("%s is for everybody, and has no `.rate`", route->path);
        open++;
    }
    assert_int_equal(open, sizeof unlimited / sizeof *unlimited);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(mails_to_sign_in),
        story_test(mails_with_ones_data),
        story_test(wrong_codes_of_sign_ups),
        story_test(wrong_codes_to_sign_in),
        story_test(right_codes_are_not_counted),
        story_test(numbers_that_are_told),
        story_test(notices_of_abuse),
        story_test(campaigns_that_are_begun),
        story_test(no_form_for_everybody_is_without_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
