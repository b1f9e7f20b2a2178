/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is noted of who did what, and what is left of it when a person is forgotten. */
#include "story/story.h"

#include <jansson.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/audit/audit_local.h"
#include "core/people/people.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/work.h"

/* Anne cancels a campaign and makes Bruno facilitator; the program does something by itself. */
struct acts {
    struct person_id anne;
    struct person_id bruno;
    int lines;
    const struct audit *first;
    struct mem *mem;
    struct audit_query query;
    const char *last; /* the handle of the last line */
};

static void act(struct work *work, void *context)
{
    struct acts *acts = context;
    acts->anne = person_add(work, "anne@example.org", "Anne", "fr");
    acts->bruno = person_add(work, "bruno@example.org", "Bruno", "fr");
    audit_add(work, AUDIT_JOB_AGAIN, &(struct audit_object){.title = "signups.lapse"}, "");
    work->login = &(struct login){.person = acts->anne};
    audit_add(work, AUDIT_CAMPAIGN_CANCEL,
              &(struct audit_object){.id = 7, .title = "La haie", .path = "/campaigns/la-haie"},
              "");
    audit_add(work, AUDIT_PERSON_ROLE, &(struct audit_object){.person = acts->bruno},
              "facilitator");
}

static void read_lines(struct work *work, void *context)
{
    struct acts *acts = context;
    work->mem = acts->mem;
    acts->lines = 0;
    acts->first = audit_list(work, &acts->query);
    for (const struct audit *line = acts->first; line; line = line->next) {
        acts->last = mem_strdup(acts->mem, line->handle);
        acts->lines++;
    }
}

/* Rows of a transaction are on its own memory: what is looked at is copied out of it. */
static void newest_is(struct work *work, void *context)
{
    const struct audit *line = audit_list(work, &(struct audit_query){.count = 1});
    assert_string_equal(line->actor_email, context);
}

static void acts_of(struct story *story, struct acts *acts)
{
    acts->mem = story->mem;
    acts->query = (struct audit_query){.count = AUDIT_LIST_MAX};
    story_write(story, act, acts);
}

static void look_at_three(struct work *work, void *context)
{
    struct acts *acts = context;
    read_lines(work, acts);
    const struct audit *line = acts->first;
    assert_int_equal(line->action, AUDIT_PERSON_ROLE);
    assert_string_equal(line->actor_name, "Anne");
    assert_string_equal(line->person_email, "bruno@example.org");
    assert_string_equal(line->detail, "facilitator");
    line = line->next;
    assert_string_equal(line->title, "La haie");
    assert_string_equal(line->path, "/campaigns/la-haie");
    assert_false(line->by_program);
    line = line->next;
    assert_true(line->by_program);
    assert_string_equal(line->actor_email, "");
    assert_null(line->next);
}

static void lines_come_newest_first_with_who_did_what_to_whom(void **state)
{
    struct acts acts;
    acts_of(*state, &acts);
    story_write(*state, look_at_three, &acts);
}

static void the_log_is_read_by_action_and_by_key(void **state)
{
    struct acts acts;
    acts_of(*state, &acts);
    acts.query.of_action = true;
    acts.query.action = AUDIT_CAMPAIGN_CANCEL;
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 1);
    acts.query = (struct audit_query){.count = 2};
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 2);
    acts.query.before = acts.last;
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 1);
}

static void forget_anne(struct work *work, void *context)
{
    (void)context;
    feature_forget_person(work, "anne@example.org");
}

static void of_a_forgotten_person_the_fact_alone_stays(void **state)
{
    struct acts acts;
    acts_of(*state, &acts);
    story_write(*state, newest_is, (void *)"anne@example.org");
    story_write(*state, forget_anne, NULL);
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 3);
    story_write(*state, newest_is, (void *)"");
}

static void export_anne(struct work *work, void *context)
{
    json_t *object = json_object();
    (void)context;
    audit_feature.export_person(work, "anne@example.org", object);
    json_t *list = json_object_get(object, "acts");
    assert_int_equal(json_array_size(list), 2);
    json_t *cancelled = json_array_get(list, 1);
    assert_string_equal(json_string_value(json_object_get(cancelled, "action")), "campaign.cancel");
    assert_string_equal(json_string_value(json_object_get(cancelled, "title")), "La haie");
    json_decref(object);
}

static void a_person_takes_their_own_acts_along(void **state)
{
    struct acts acts;
    acts_of(*state, &acts);
    story_write(*state, export_anne, NULL);
}

static void after_a_year_a_line_goes(void **state)
{
    struct acts acts;
    acts_of(*state, &acts);
    story_wait(*state, (int64_t)(AUDIT_KEPT_DAYS - 1) * DAY_SECONDS);
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 3);
    story_wait(*state, 2 * DAY_SECONDS);
    story_write(*state, read_lines, &acts);
    assert_int_equal(acts.lines, 0);
}

static void every_action_has_a_name_of_its_own_and_words(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_ACTIONS; i++) {
        enum audit_action read = AUDIT_ACTIONS;
        assert_true(audit_action_read(audit_action_name((enum audit_action)i), &read));
        assert_int_equal(read, i);
        assert_non_null(audit_action_words((enum audit_action)i));
    }
    enum audit_action untouched = AUDIT_JOB_DROP;
    assert_false(audit_action_read("campaign.sing", &untouched));
    assert_int_equal(untouched, AUDIT_JOB_DROP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(lines_come_newest_first_with_who_did_what_to_whom),
        story_test(the_log_is_read_by_action_and_by_key),
        story_test(of_a_forgotten_person_the_fact_alone_stays),
        story_test(a_person_takes_their_own_acts_along),
        story_test(after_a_year_a_line_goes),
        cmocka_unit_test(every_action_has_a_name_of_its_own_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
