/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of keys: a script that never heard its answer sends the same form again. */
#include "story/make_campaigns.h"
#include "story/story.h"

#define ANNE "{\"first_name\":\"Anne\",\"email\":\"anne@example.org\",\"party\":2"

static void make_one(struct story *story)
{
    struct campaign_draft draft = make_draft("haie", "Une haie");
    make_campaign(story, &draft);
}

static void the_same_key_and_body_give_the_same_answer_and_one_mail(void **state)
{
    struct story *story = *state;
    make_one(story);
    story->sweeps = false; /* a swept request would be the first to use the key */
    struct answer first =
        story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    struct answer again =
        story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    assert_int_equal(first.status, 201);
    assert_int_equal(again.status, 201);
    assert_string_equal(answer_text(first, "handle"), answer_text(again, "handle"));
    assert_int_equal(story_mail_count(story, "anne@example.org"), 1);
}

static void the_same_key_with_another_body_is_refused(void **state)
{
    struct story *story = *state;
    make_one(story);
    story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    struct answer other = story_post_json(
        story, "/campaigns/haie/sign-ups",
        "{\"first_name\":\"Anne\",\"email\":\"anne@example.org\",\"party\":3,\"key\":\"k-1\"}");
    assert_int_equal(other.status, 422);
    assert_string_equal(answer_text(other, "code"), "key_reused");
}

static void another_key_signs_up_again(void **state)
{
    struct story *story = *state;
    make_one(story);
    story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-2\"}");
    assert_int_equal(story_mail_count(story, "anne@example.org"), 2);
}

static void the_same_key_of_another_person_is_theirs(void **state)
{
    struct story *story = *state;
    make_one(story);
    story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    struct answer other =
        story_post_json(story, "/campaigns/haie/sign-ups",
                        "{\"first_name\":\"Ali\",\"email\":\"ali@example.org\",\"party\":1,"
                        "\"key\":\"k-1\"}");
    assert_int_equal(other.status, 201);
}

static void a_key_is_forgotten_after_a_day(void **state)
{
    struct story *story = *state;
    make_one(story);
    story_post_json(story, "/campaigns/haie/sign-ups", ANNE ",\"key\":\"k-1\"}");
    story_wait(story, 25 * 3600);
    struct answer other = story_post_json(
        story, "/campaigns/haie/sign-ups",
        "{\"first_name\":\"Anne\",\"email\":\"anne@example.org\",\"party\":3,\"key\":\"k-1\"}");
    assert_int_equal(other.status, 201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_same_key_and_body_give_the_same_answer_and_one_mail),
        story_test(the_same_key_with_another_body_is_refused),
        story_test(another_key_signs_up_again),
        story_test(the_same_key_of_another_person_is_theirs),
        story_test(a_key_is_forgotten_after_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
