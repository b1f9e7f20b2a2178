/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails as they are stored: whole, once for each key, and never with a header that somebody slipped
 * in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/core_fixture.h"
#include "sys/html.h"
#include "sys/mail.h"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    core_new(core, NULL);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    core_free(*state);
    test_free(*state);
    return 0;
}

static struct outbox_mail make_mail(struct core *core)
{
    return (struct outbox_mail){
        .reason = "test",
        .to_name = "Zoé",
        .to_address = "zoe@example.org",
        .subject = "Ta place est réservée",
        .text = "Bonjour Zoé,\nà samedi !\n",
        .html = "<p>Bonjour Zoé</p>",
        .lang = lang_get(core->app.langs, "en"),
    };
}

static bool add(struct core *core, const struct outbox_mail *mail)
{
    bool added = outbox_add(core_begin(core), mail);
    core_commit(core);
    return added;
}

static const struct outbox_stored *newest(struct core *core)
{
    struct work *work = core_begin(core);
    const struct outbox_stored *stored = outbox_list(work, "", "", 1);
    tx_rollback(work->tx);
    assert_non_null(stored);
    return stored;
}

static const struct mail_read *newest_read(struct core *core)
{
    const char *message = newest(core)->message;
    const struct mail_read *read = mail_parse(core->mem, message, strlen(message));
    assert_non_null(read);
    return read;
}

static int64_t mails(struct core *core)
{
    return core_number(core, "SELECT count(*) FROM mail");
}

static void of_several_blank_lines_in_a_mail_one_stays(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.text = "\nBonjour,\nZoé\n\n\n\nà samedi !\n\n\n";
    assert_true(add(core, &mail));
    const char *text = newest_read(core)->text;
    const char *start = "Bonjour,\nZoé\n\nà samedi !\n\n-- \n";
    assert_memory_equal(text, start, strlen(start));
}

static void a_key_is_mailed_once(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.unique_key = "reached:1:zoe@example.org";
    assert_true(add(core, &mail));
    assert_int_equal(core->work.touched.count, 1);
    assert_false(add(core, &mail));
    assert_int_equal(core->work.touched.count, 0);
    mail.unique_key = "reached:2:zoe@example.org";
    assert_true(add(core, &mail));
    assert_int_equal(mails(core), 2);
}

static void a_mail_without_a_key_is_written_each_time(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    assert_true(add(core, &mail));
    assert_true(add(core, &mail));
    assert_int_equal(mails(core), 2);
}

static void names_and_subjects_keep_their_accents(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
    const struct mail_read *read = newest_read(core);
    assert_string_equal(read->subject, "Ta place est réservée");
    assert_non_null(strstr(read->to, "Zoé"));
    assert_non_null(strstr(read->to, "zoe@example.org"));
    assert_non_null(strstr(read->from, "Les Amis de la rivière"));
    assert_non_null(strstr(read->from, "no-reply@essaim.example"));
    for (const char *c = newest(core)->message; *c; c++)
        assert_in_range((unsigned char)*c, 1, 0x7f);
}

static void a_line_break_in_what_people_wrote_makes_no_header(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.subject = "Hello\r\nBcc: all@example.net";
    mail.to_name = "Zoe\nBcc: all@example.net";
    mail.reply_to = "org@example.org";
    mail.reply_to_name = "Org\r\n\r\nBcc: all@example.net";
    add(core, &mail);
    const char *message = newest(core)->message;
    const char *head_end = strstr(message, "\r\n\r\n");
    assert_non_null(head_end);
    const char *bcc = strstr(message, "\nBcc");
    assert_true(!bcc || bcc > head_end);
    assert_non_null(newest_read(core)->html);
}

static void assert_foot(struct core *core, const char *text)
{
    struct outbox_mail mail = make_mail(core);
    mail.text = text;
    add(core, &mail);
    const char *foot = strstr(newest_read(core)->text, "\n\n-- \nLes Amis de la rivière\n");
    assert_non_null(foot);
    assert_non_null(strstr(foot, "https://essaim.example\n"));
}

static void the_text_is_followed_by_who_wrote_it(void **state)
{
    assert_foot(*state, "à samedi !\n");
    assert_foot(*state, "à samedi !");
    assert_foot(*state, "");
}

static void the_html_stands_in_a_document_of_its_language(void **state)
{
    struct core *core = *state;
    core_script(core, "UPDATE community SET name = 'Amis & <b>Cie'");
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
    const char *html = newest_read(core)->html;
    assert_non_null(strstr(html, "<html lang=\"en\">"));
    assert_non_null(strstr(html, "<p>Bonjour Zoé</p>"));
    assert_non_null(strstr(html, "Amis &amp; &lt;b&gt;Cie"));
    assert_null(strstr(html, "<b>"));
}

static void a_calendar_is_attached(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    add(core, &mail);
    const struct mail_attachment *attachment = newest_read(core)->attachments;
    assert_non_null(attachment);
    assert_string_equal(attachment->name, "invite.ics");
    assert_non_null(strstr(attachment->content, "BEGIN:VCALENDAR"));
    mail.calendar = NULL;
    add(core, &mail);
    assert_null(newest_read(core)->attachments);
}

static void answers_go_to_whom_the_feature_named(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.reply_to = "org@example.org";
    mail.reply_to_name = "Marie";
    add(core, &mail);
    const char *reply_to = strstr(newest(core)->message, "\nReply-To: ");
    assert_non_null(reply_to);
    assert_non_null(strstr(reply_to, "Marie <org@example.org>"));
}

static void answers_to_what_nobody_wrote_go_to_the_community(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    mail.reply_to = NULL;
    add(core, &mail);
    assert_null(strstr(newest(core)->message, "\nReply-To: "));
    core_script(core, "UPDATE community SET contact = 'bonjour@riviere.example'");
    mail = make_mail(core);
    mail.reply_to = NULL;
    add(core, &mail);
    const char *reply_to = strstr(newest(core)->message, "\nReply-To: ");
    assert_non_null(reply_to);
    assert_non_null(strstr(reply_to, "<bonjour@riviere.example>"));
}

static void a_site_without_a_name_writes_from_localhost(void **state)
{
    struct core *core = *state;
    static const char *const urls[] = {"http://127.0.0.1:8080", "http://[::1]:8080",
                                       "http://my_app:8080", "http://-x", "http://a..b"};
    struct outbox_mail mail = make_mail(core);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        core->config.base_url = urls[i];
        add(core, &mail);
        assert_non_null(strstr(newest_read(core)->from, "no-reply@localhost"));
    }
}

static void a_list_is_newest_first_and_goes_on_after_a_handle(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    for (int i = 0; i < 3; i++) {
        mail.to_address = i == 1 ? "other@example.org" : "Zoe@Example.org";
        add(core, &mail);
    }
    struct work *work = core_begin(core);
    const struct outbox_stored *all = outbox_list(work, "", "", 10);
    assert_true(all->id > all->next->id && all->next->id > all->next->next->id);
    assert_null(all->next->next->next);
    assert_string_equal(outbox_list(work, "", all->handle, 1)->handle, all->next->handle);
    const struct outbox_stored *hers = outbox_list(work, "zoe@example.org", all->handle, 10);
    assert_string_equal(hers->handle, all->next->next->handle);
    assert_null(hers->next);
    assert_null(outbox_list(work, "", "no-such-handle", 10));
    assert_string_equal(outbox_get(work, all->handle)->to_address, "zoe@example.org");
    assert_null(outbox_get(work, "no-such-handle"));
    assert_int_equal(work->read.objects[work->read.count - 1].kind, OBJECT_MAILBOX);
    tx_rollback(work->tx);
}

/* Many, written the day before today's; and then today's. */
static void write_of_two_days(struct core *core, int64_t count)
{
    core_script(core,
                mem_printf(core->mem,
                           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                           " WHERE i < %lld) INSERT INTO mail (id, community_id, handle,"
                           " reason, to_address, message, created_at, state) SELECT i,"
                           " (SELECT id FROM community), 'h' || i, 'test', 'zoe@a.fr', 'x',"
                           " %lld, CASE WHEN i %% 2 = 0 THEN 'waiting' ELSE 'kept' END FROM n",
                           (long long)count, (long long)CORE_NOW - DAY_SECONDS));
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
}

static int64_t texts(struct core *core)
{
    return core_number(core, "SELECT COUNT(*) FROM mail WHERE message <> ''");
}

static void days_later(struct core *core, int64_t days)
{
    clock_set(core->app.clock, CORE_NOW + days * DAY_SECONDS);
    jobs_run_due(&core->app);
}

/* Whatever became of them; page after page. */
static void texts_go_after_a_month_and_rows_after_a_year(void **state)
{
    enum { MANY = 2 * JOB_PAGE_ROWS + 100 };
    struct core *core = *state;
    write_of_two_days(core, MANY);
    days_later(core, MAIL_TEXT_KEPT_DAYS - 1);
    assert_int_equal(texts(core), MANY + 1);
    days_later(core, MAIL_TEXT_KEPT_DAYS);
    assert_int_equal(texts(core), 1);
    assert_int_equal(core_number(core, "SELECT COUNT(*) FROM mail WHERE state = 'waiting'"), 0);
    assert_int_equal(core_number(core, "SELECT COUNT(*) FROM mail WHERE state = 'given-up'"),
                     MANY / 2);
    days_later(core, MAIL_TEXT_KEPT_DAYS + 1);
    assert_int_equal(texts(core), 0);
    days_later(core, MAIL_KEPT_DAYS - 1);
    assert_int_equal(mails(core), MANY + 1);
    days_later(core, MAIL_KEPT_DAYS);
    assert_int_equal(mails(core), 1);
    days_later(core, MAIL_KEPT_DAYS + 1);
    assert_int_equal(mails(core), 0);
}

static void one_whose_text_is_gone_is_exported_by_its_reason(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
    days_later(core, MAIL_TEXT_KEPT_DAYS + 1);
    json_t *object = json_object();
    outbox_feature.export_person(core_begin(core), "zoe@example.org", object);
    core_commit(core);
    const json_t *line = json_array_get(json_object_get(object, "mails"), 0);
    assert_string_equal(json_string_value(json_object_get(line, "reason")), "test");
    assert_null(json_object_get(line, "subject"));
    json_decref(object);
}

/* No form lets it come to that; the program goes on. */
static void one_that_is_too_long_is_a_fault(void **state)
{
    struct core *core = *state;
    char *text = mem_alloc(core->mem, MAIL_BYTES_MAX + 1);
    memset(text, 'x', MAIL_BYTES_MAX);
    for (int part = 0; part < 3; part++) {
        struct outbox_mail mail = make_mail(core);
        text[part ? MAIL_BYTES_MAX : MAIL_BYTES_MAX - 9000] = '\0'; /* fits; but not as a mail */
        if (part < 2)
            mail.html = text;
        else
            mail.text = NULL; /* as outbox_part_text says it */
        struct work *work = core_begin(core);
        assert_false(outbox_add(work, &mail));
        assert_int_equal(tx_fault(work->tx), TX_FAULT);
        assert_non_null(strstr(tx_error(work->tx), "a mail is too long in: test"));
        tx_rollback(work->tx);
        memset(text, 'x', MAIL_BYTES_MAX);
    }
    assert_int_equal(mails(core), 0);
}

/* More mails than the export reads at a time. */
static void a_person_gets_all_of_their_mails_and_is_forgotten(void **state)
{
    enum { MAILS = 120 };
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    for (int i = 0; i < MAILS; i++)
        add(core, &mail);
    mail.to_address = "other@example.org";
    add(core, &mail);
    json_t *object = json_object();
    struct work *work = core_begin(core);
    outbox_feature.export_person(work, "zoe@example.org", object);
    const json_t *exported = json_object_get(object, "mails");
    assert_int_equal(json_array_size(exported), MAILS);
    const json_t *last = json_array_get(exported, MAILS - 1);
    assert_string_equal(json_string_value(json_object_get(last, "subject")),
                        "Ta place est réservée");
    assert_string_equal(json_string_value(json_object_get(last, "sent_at")),
                        time_rfc3339(core->mem, CORE_NOW));
    json_decref(object);
    outbox_kind_switch(work, "zoe@example.org", OUTBOX_ORGANISING, false);
    outbox_feature.forget_person(work, "zoe@example.org");
    core_commit(core);
    assert_int_equal(mails(core), 1);
    assert_int_equal(core_number(core, "SELECT count(*) FROM mail_address"), 1);
    assert_int_equal(core_number(core, "SELECT count(*) FROM mail_choice"), 0);
}

static void a_part_is_written_by_templates_in_the_language_of_its_reader(void **state)
{
    struct core *core = *state;
    struct work *work = core_begin(core);
    struct html *part = outbox_part(work, lang_get(core->app.langs, "fr"));
    html_text(part, "a < b");
    assert_string_equal(outbox_part_text(part), "a &lt; b");
    assert_string_equal(lang_code(part->lang), "fr");
    tx_rollback(work->tx);
}

static void what_is_switched_off_is_not_written(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    outbox_kind_switch(core_begin(core), "zoe@example.org", OUTBOX_CAMPAIGN_NEWS, false);
    core_commit(core);
    mail.kind = OUTBOX_CAMPAIGN_NEWS;
    mail.to_address = "Zoe@Example.org";
    assert_false(add(core, &mail));
    mail.kind = OUTBOX_ORGANISING;
    assert_true(add(core, &mail));
    mail.kind = OUTBOX_ASKED_FOR;
    assert_true(add(core, &mail));
    mail.kind = OUTBOX_CAMPAIGN_NEWS;
    mail.to_address = "other@example.org";
    assert_true(add(core, &mail));
    outbox_kind_switch(core_begin(core), "zoe@example.org", OUTBOX_CAMPAIGN_NEWS, true);
    core_commit(core);
    mail.to_address = "zoe@example.org";
    assert_true(add(core, &mail));
    assert_int_equal(mails(core), 4);
}

/* News of one association says nothing about another one's. */
static void what_is_switched_off_is_so_in_one_community(void **state)
{
    struct core *core = *state;
    struct work *work = core_begin(core);
    outbox_kind_switch(work, "zoe@example.org", OUTBOX_CAMPAIGN_NEWS, false);
    struct community_id other =
        community_add(work, &(struct community){.slug = "quartier",
                                                .name = "Le Quartier",
                                                .description = "",
                                                .language = "fr",
                                                .time_zone = "Europe/Paris"});
    work->community = community_get(work, other);
    struct outbox_mail mail = make_mail(core);
    mail.kind = OUTBOX_CAMPAIGN_NEWS;
    assert_true(outbox_add(work, &mail));
    core_commit(core);
}

static void an_address_that_bounced_gets_what_it_asks_for_alone(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
    core_script(core, "UPDATE mail_address SET reach = 'bounced', bounces = 1, bounced_at = 1,"
                      " words = '550 no such user'");
    mail.kind = OUTBOX_CAMPAIGN_NEWS;
    assert_false(add(core, &mail));
    mail.kind = OUTBOX_ASKED_FOR;
    assert_true(add(core, &mail));
    struct work *work = core_begin(core);
    const struct outbox_address *bounced = outbox_bounced_list(work, 10);
    assert_string_equal(bounced->address, "zoe@example.org");
    assert_string_equal(bounced->words, "550 no such user");
    assert_int_equal(bounced->reach, OUTBOX_BOUNCED);
    assert_null(bounced->next);
    outbox_address_proved(work, "zoe@example.org");
    core_commit(core);
    mail.kind = OUTBOX_CAMPAIGN_NEWS;
    assert_true(add(core, &mail));
    work = core_begin(core);
    assert_null(outbox_bounced_list(work, 10));
    assert_int_equal(outbox_address_state(work, "zoe@example.org").reach, OUTBOX_REACHED);
    assert_int_equal(outbox_address_state(work, "nobody@example.org").reach, OUTBOX_REACHED);
    tx_rollback(work->tx);
}

static void every_mail_has_the_link_of_its_address_and_no_other(void **state)
{
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    add(core, &mail);
    struct work *work = core_begin(core);
    const char *path = outbox_settings_path(work, "zoe@example.org");
    const char *token = path + strlen("/mail/");
    assert_string_equal(outbox_address_by_token(work, token), "zoe@example.org");
    const char *forged = mem_printf(core->mem, "%.*s%s", 20, token, token);
    assert_null(outbox_address_by_token(work, forged));
    assert_null(outbox_address_by_token(work, mem_strndup(core->mem, token, 20)));
    assert_null(outbox_address_by_token(work, ""));
    tx_rollback(work->tx);
    const struct mail_read *read = newest_read(core);
    assert_non_null(strstr(read->text, path));
    assert_non_null(strstr(read->html, path));
}

/* As much as a mailbox may keep of somebody to whom many long messages went. */
static void long_mails_are_given_out_in_the_memory_of_a_request(void **state)
{
    enum { MAILS = 24, TEXT_BYTES = MAIL_BYTES_MAX / 3 };
    struct core *core = *state;
    struct outbox_mail mail = make_mail(core);
    char *text = mem_alloc(core->mem, TEXT_BYTES + 1);
    mail.text = mail.html = memset(text, 'x', TEXT_BYTES);
    for (int i = 0; i < MAILS; i++)
        assert_true(add(core, &mail));
    struct work *work = core_begin(core);
    tx_rollback(work->tx);
    work->mem = mem_new(REQUEST_BYTES_MAX);
    work->tx = db_begin(core->db, work->mem);
    json_t *object = json_object();
    outbox_feature.export_person(work, "zoe@example.org", object);
    assert_int_equal(json_array_size(json_object_get(object, "mails")), MAILS);
    assert_false(mem_is_over(work->mem));
    tx_rollback(work->tx);
    json_decref(object);
    mem_free(work->mem);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_several_blank_lines_in_a_mail_one_stays),
        TEST(a_key_is_mailed_once),
        TEST(a_mail_without_a_key_is_written_each_time),
        TEST(names_and_subjects_keep_their_accents),
        TEST(a_line_break_in_what_people_wrote_makes_no_header),
        TEST(the_text_is_followed_by_who_wrote_it),
        TEST(the_html_stands_in_a_document_of_its_language),
        TEST(a_calendar_is_attached),
        TEST(answers_go_to_whom_the_feature_named),
        TEST(answers_to_what_nobody_wrote_go_to_the_community),
        TEST(a_site_without_a_name_writes_from_localhost),
        TEST(a_list_is_newest_first_and_goes_on_after_a_handle),
        TEST(texts_go_after_a_month_and_rows_after_a_year),
        TEST(one_whose_text_is_gone_is_exported_by_its_reason),
        TEST(one_that_is_too_long_is_a_fault),
        TEST(a_person_gets_all_of_their_mails_and_is_forgotten),
        TEST(long_mails_are_given_out_in_the_memory_of_a_request),
        TEST(what_is_switched_off_is_not_written),
        TEST(what_is_switched_off_is_so_in_one_community),
        TEST(an_address_that_bounced_gets_what_it_asks_for_alone),
        TEST(every_mail_has_the_link_of_its_address_and_no_other),
        TEST(a_part_is_written_by_templates_in_the_language_of_its_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
