/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what carries a sign-up: the kinds of bodies a form takes, other sites, and a database
 * that fails for one moment. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/db.h"

#define ANNE "anne@example.org"
#define SIGN_UPS "/campaigns/haie/sign-ups"
#define FORM "first_name=Anne&email=anne%40example.org&party=1"

/* Sends a body of that kind, as a script that wants JSON. */
static struct answer send_body(struct story *story, const char *type, const char *body)
{
    const char *content_type = mem_printf(story->mem, "Content-Type: %s", type);
    const char *const headers[] = {"Accept: application/json", content_type, NULL};
    return story_send(story, "POST", SIGN_UPS, headers, body);
}

static void assert_nothing_came(struct story *story)
{
    assert_int_equal(story_mail_count(story, ANNE), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void a_form_of_several_parts_is_read_like_any_other(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer = send_body(
        story, "multipart/form-data; boundary=xyz",
        "--xyz\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nAnne & Co\r\n"
        "--xyz\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nanne@example.org\r\n"
        "--xyz\r\nContent-Disposition: form-data; name=\"party\"\r\n\r\n3\r\n--xyz--\r\n");
    assert_int_equal(answer.status, 201);
    struct answer own = story_get_json(story, guest_link(story, ANNE));
    assert_string_equal(answer_text(own, "first_name"), "Anne & Co");
    assert_int_equal(answer_int(own, "party"), 3);
}

static void json_takes_numbers_and_truths_under_the_same_names(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer =
        story_post_json(story, SIGN_UPS,
                        "{\"first_name\": \"Anne\", \"email\": \"anne@example.org\","
                        " \"party\": 3, \"show_name\": true, \"session\": null}");
    assert_int_equal(answer.status, 201);
    struct answer own = story_get_json(story, guest_link(story, ANNE));
    assert_int_equal(answer_int(own, "party"), 3);
    assert_true(answer_says(own, "\"show_name\":true"));
}

static void other_kinds_of_bodies_are_refused(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    assert_int_equal(send_body(story, "text/plain", FORM).status, 415);
    assert_int_equal(send_body(story, "application/xml", "<a/>").status, 415);
    assert_nothing_came(story);
}

static void bodies_that_cannot_be_read_are_refused(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    static const char *const json[] = {"{\"first_name\": ", "[1]", "\"Anne\"",
                                       "{\"email\": {\"a\": 1}}", "{\"a\": 1, \"a\": 2}"};
    for (size_t i = 0; i < sizeof json / sizeof *json; i++)
        assert_int_equal(send_body(story, "application/json", json[i]).status, 400);
    const char *form = "application/x-www-form-urlencoded";
    assert_int_equal(send_body(story, form, FORM "&show_name=%ZZ").status, 400);
    assert_int_equal(send_body(story, form, FORM "&show_name=%FF").status, 400);
    assert_int_equal(send_body(story, form, FORM "&show_name=%00").status, 400);
    assert_int_equal(send_body(story, "multipart/form-data", FORM).status, 400);
    assert_int_equal(send_body(story, "multipart/form-data; boundary=x", FORM).status, 400);
    assert_nothing_came(story);
}

static void more_fields_than_any_form_has_are_refused(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *many = "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&";
    const char *body = mem_printf(story->mem, "%s%s%s%s%s", many, many, many, many, FORM);
    assert_int_equal(send_body(story, "application/x-www-form-urlencoded", body).status, 400);
    assert_nothing_came(story);
}

static void an_empty_body_lacks_every_field(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer = send_body(story, "application/x-www-form-urlencoded", NULL);
    assert_int_equal(answer.status, 422);
    assert_true(strlen(answer_text(answer, "errors.email")) > 0);
    assert_nothing_came(story);
}

static void a_form_sent_by_another_site_does_nothing(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    static const char *const foreign[] = {
        "Sec-Fetch-Site: cross-site",         "Sec-Fetch-Site: same-site",
        "Origin: https://evil.example",       "Origin: null",
        "Referer: https://evil.example/page", "Cookie: a=b"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        const char *const headers[] = {foreign[i],
                                       "Content-Type: application/x-www-form-urlencoded", NULL};
        assert_int_equal(story_send(story, "POST", SIGN_UPS, headers, FORM).status, 403);
    }
    assert_nothing_came(story);
}

static void another_site_does_not_confirm_change_or_cancel(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "");
    const char *link = guest_link(story, ANNE);
    static const char *const verbs[] = {"confirm", "change", "cancel"};
    static const char *const headers[] = {"Sec-Fetch-Site: cross-site",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    for (int i = 0; i < 3; i++) {
        const char *path = mem_printf(story->mem, "%s/%s", link, verbs[i]);
        assert_int_equal(story_send(story, "POST", path, headers, "party=2").status, 403);
    }
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "pending");
}

/* The n-th database call of the request fails, and no other one. False: it makes fewer calls. */
static bool fails_once(struct story *story, int n, const char *form, int *ret_status)
{
    struct db_failure failure = {.countdown = n};
    db_fail(story->program->db, &failure);
    *ret_status = guest_asks(story, "haie", ANNE, form).status;
    db_fail(story->program->db, NULL);
    return failure.reached;
}

static void a_fault_of_one_moment_is_never_told_as_a_refusal(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->sweeps = false;
    int n = 1;
    for (int status; fails_once(story, n, "party=2", &status); n++)
        if (status != 503 && status != 303) /* or it was done again, and worked */
            fail_msg("the answer is %d when database call %d fails once", status, n);
    assert_true(n > 10);
    int64_t left = session_left_of(story, "haie", 0);
    assert_int_equal(left, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_form_of_several_parts_is_read_like_any_other),
        story_test(json_takes_numbers_and_truths_under_the_same_names),
        story_test(other_kinds_of_bodies_are_refused),
        story_test(bodies_that_cannot_be_read_are_refused),
        story_test(more_fields_than_any_form_has_are_refused),
        story_test(an_empty_body_lacks_every_field),
        story_test(a_form_sent_by_another_site_does_nothing),
        story_test(another_site_does_not_confirm_change_or_cancel),
        story_test(a_fault_of_one_moment_is_never_told_as_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
