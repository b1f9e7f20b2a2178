/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Composing what goes out: the sender, the frame around what a feature wrote, the message as bytes.
 * Sending is not here, and no feature composes a message itself. A mail's bytes live in a scratch
 * root of their own: one job writes hundreds. */
#include "core/outbox/outbox.h"

#include <assert.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "core/outbox/mail.html.h"
#include "core/outbox/outbox_local.h"
#include "migrations.h"
#include "sys/db.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/metrics.h"
#include "web/work.h"

enum {
    OUTBOX_EXPORT_PAGE = 4, /* each may have MAIL_BYTES_MAX: a request has room for a few */
    OUTBOX_SCRATCH_BYTES_MAX = 8 * MAIL_BYTES_MAX,
};

/* Of several blank lines one stays, as within a template: a part that had nothing to say leaves
 * its own behind. None stays at the beginning, nor at the end. */
static void put_close(struct buf *out, const char *text)
{
    text += strspn(text, "\n");
    do {
        size_t words = strcspn(text, "\n");
        size_t ends = strspn(text + words, "\n");
        bool is_last = !text[words + ends];
        buf_add(out, text, words);
        buf_put(out, ends > 1 && !is_last ? "\n\n" : "\n");
        text += words + ends;
    } while (*text);
}

/* The feature's text with a foot that says who wrote, and why. NULL: it is too long. */
static const char *text_part(struct mem *mem, const struct outbox_mail *mail,
                             const struct mail_frame *frame)
{
    struct html out = {.out = buf_new(mem, MAIL_BYTES_MAX), .lang = mail->lang, .mem = mem};
    put_close(out.out, mail->text);
    buf_put(out.out, "\n");
    mail_text_foot(&out, frame);
    return outbox_part_text(&out);
}

static const char *html_part(struct mem *mem, const struct outbox_mail *mail,
                             const struct mail_frame *frame)
{
    struct html out = {.out = buf_new(mem, MAIL_BYTES_MAX), .lang = mail->lang, .mem = mem};
    mail_frame(&out, frame);
    return outbox_part_text(&out);
}

static const char *unsubscribe_url(struct mem *mem, enum outbox_kind kind, const char *settings_url)
{
    if (kind == OUTBOX_ASKED_FOR)
        return NULL;
    return mem_printf(mem, "%s/off/%s", settings_url, outbox_kind_name(kind));
}

/* What is the same in all mails of that kind. */
static struct mail_frame frame_of(struct work *work, struct mem *mem, enum outbox_kind kind)
{
    return (struct mail_frame){
        .community_name = work->community->name,
        .site_url = work->app->config->base_url,
        .site_host = outbox_host(mem, work->app),
        .is_campaign_news = kind == OUTBOX_CAMPAIGN_NEWS,
        .is_organising = kind == OUTBOX_ORGANISING,
    };
}

const char *outbox_answers_to(const struct work *work, const char *reply_to)
{
    if (!str_is_empty(reply_to))
        return reply_to;
    const char *contact = work->community->contact;
    return str_is_empty(contact) ? NULL : contact;
}

/* NULL: it is longer than a mail may be. */
static const char *compose(struct work *work, struct mem *mem, const struct outbox_mail *mail,
                           const struct mail_row *row)
{
    const char *settings_path =
        outbox_settings_path_of(work, mail_address_handle(work, row->to_address));
    const char *settings_url = work_url(work, settings_path);
    const char *domain = outbox_domain(mem, work->app);
    struct mail_frame frame = frame_of(work, mem, mail->kind);
    frame.lang = lang_code(mail->lang);
    frame.subject = mail->subject;
    frame.settings_url = settings_url;
    frame.because = mail->because;
    frame.content = (struct safe_html){mail->html};
    const char *text = text_part(mem, mail, &frame);
    const char *html = html_part(mem, mail, &frame);
    if (!text || !html)
        return NULL;
    return mail_compose(mem,
                        &(struct mail){
                            .from_name = work->community->name,
                            .from_address = outbox_from_address(mem, work->app),
                            .reply_to_name = str_is_empty(mail->reply_to) ? work->community->name
                                                                          : mail->reply_to_name,
                            .reply_to = outbox_answers_to(work, mail->reply_to),
                            .to_name = mail->to_name,
                            .to_address = mail->to_address,
                            .subject = mail->subject,
                            .message_id = mem_printf(mem, "%s@%s", row->handle, domain),
                            .date_at = work->now,
                            .text = text,
                            .html = html,
                            .calendar = mail->calendar,
                            .lang = frame.lang,
                            .unsubscribe_url = unsubscribe_url(mem, mail->kind, settings_url),
                        });
}

/* Codes and confirmations go to any address: it may have been mended since. */
static bool is_wanted(struct work *work, const char *address, enum outbox_kind kind)
{
    return kind == OUTBOX_ASKED_FOR ||
           (!outbox_kind_is_off(work, address, kind) &&
            outbox_address_state(work, address).reach != OUTBOX_BOUNCED);
}

/* False: a mail with its key was written before. */
static bool insert(struct work *work, const struct mail_row *row)
{
    if (row->unique_key)
        return mail_insert_once(work, row);
    mail_insert(work, row);
    return true;
}

/* False: a mail with its key was written before; or it is too long, which is a fault: forms bound
 * what people write far below. */
static bool add(struct work *work, const struct outbox_mail *mail, const char *to_address,
                const char *handle)
{
    struct mem *scratch = mem_new(OUTBOX_SCRATCH_BYTES_MAX);
    struct mail_row row = {
        .handle = handle,
        .reason = mail->reason,
        .unique_key = mail->unique_key,
        .to_address = to_address,
        .kind = mail->kind,
        .priority = mail->priority,
        .typed_for = mail->typed_for ? mail->typed_for : "",
        .is_kept = work->app->config->mailbox,
    };
    row.message = mail->text && mail->html ? compose(work, scratch, mail, &row) : NULL;
    bool added = row.message && insert(work, &row);
    if (!row.message)
        tx_give_up(work->tx, "a mail is too long", mail->reason);
    mem_free(scratch);
    if (added)
        work_touches(work, OBJECT_MAILBOX, 0);
    return added;
}

bool outbox_add(struct work *work, const struct outbox_mail *mail)
{
    assert(work->community);
    const char *to_address = mail_address_normal(work->mem, mail->to_address);
    return is_wanted(work, to_address, mail->kind) &&
           add(work, mail, to_address, work_new_handle(work, OUTBOX_HANDLE_CHARS));
}

const char *outbox_add_test(struct work *work, const struct outbox_mail *mail)
{
    assert(work->community && !mail->unique_key);
    struct outbox_mail test = *mail;
    test.priority = OUTBOX_TEST;
    const char *handle = work_new_handle(work, OUTBOX_HANDLE_CHARS);
    add(work, &test, mail_address_normal(work->mem, mail->to_address), handle);
    return handle;
}

struct html *outbox_part(struct work *work, const struct lang *lang)
{
    struct html *part = MEM_NEW(work->mem, struct html);
    part->out = buf_new(work->mem, MAIL_BYTES_MAX);
    part->lang = lang;
    part->mem = work->mem;
    return part;
}

const char *outbox_part_text(const struct html *part)
{
    return part->out->over ? NULL : part->out->bytes;
}

const char *outbox_from(struct work *work)
{
    return mem_printf(work->mem, "%s <%s>", work->community->name,
                      outbox_from_address(work->mem, work->app));
}

void outbox_foot_show(struct work *work, struct html *h, enum outbox_kind kind, const char *because)
{
    struct mail_frame frame = frame_of(work, work->mem, kind);
    frame.because = because;
    mail_foot(h, &frame);
}

const struct outbox_stored *outbox_get(struct work *work, const char *handle)
{
    work_reads(work, OBJECT_MAILBOX, 0);
    return mail_by_handle(work, handle);
}

const struct outbox_stored *outbox_list(struct work *work, const char *to_address,
                                        const char *after, int count)
{
    int64_t before_id = INT64_MAX;
    if (!str_is_empty(after)) {
        const struct outbox_stored *last = mail_by_handle(work, after);
        before_id = last ? last->id : 0;
    }
    work_reads(work, OBJECT_MAILBOX, 0);
    return str_is_empty(to_address) ? mail_list(work, before_id, count)
                                    : mail_list_to(work, to_address, before_id, count);
}

static json_t *export_mail(struct mem *mem, const struct outbox_stored *stored)
{
    const struct mail_read *mail = mail_parse(mem, stored->message, strlen(stored->message));
    return json_pack("{s:s, s:s*, s:s}", "reason", stored->reason, "subject",
                     mail ? mail->subject : NULL, "sent_at", time_rfc3339(mem, stored->created_at));
}

/* What is switched off, of every community. */
static void export_choices(struct work *work, const char *email, json_t *object)
{
    json_t *off = json_array();
    for (const struct mail_choice *choice = mail_choice_list(work, email); choice;
         choice = choice->next)
        json_array_append_new(off, json_pack("{s:s, s:s, s:s}", "community", choice->community,
                                             "kind", choice->kind, "since",
                                             time_rfc3339(work->mem, choice->off_at)));
    json_object_set_new(object, "mails_switched_off", off);
}

static void export_address(struct work *work, const char *email, json_t *object)
{
    const struct outbox_address *address = mail_address_get(work, email);
    if (address)
        json_object_set_new(object, "mail_address",
                            json_pack("{s:b, s:s}", "comes_back", address->reach != OUTBOX_REACHED,
                                      "words", address->words));
}

/* A page of mails at a time: its rows are dropped before the next one, and what is read of each
 * mail before the next mail. */
static void export_person(struct work *work, const char *email, struct json_t *object)
{
    json_t *mails = json_array();
    int64_t before_id = INT64_MAX;
    int count;
    do {
        struct mem_mark mark = mem_mark(work->mem);
        count = 0;
        for (const struct outbox_stored *stored =
                 mail_list_to(work, email, before_id, OUTBOX_EXPORT_PAGE);
             stored; stored = stored->next, count++) {
            struct mem_mark read = mem_mark(work->mem);
            json_array_append_new(mails, export_mail(work->mem, stored));
            mem_rewind(work->mem, read);
            before_id = stored->id;
        }
        mem_rewind(work->mem, mark);
    } while (count == OUTBOX_EXPORT_PAGE);
    json_object_set_new(object, "mails", mails);
    export_choices(work, email, object);
    export_address(work, email, object);
}

static void forget_person(struct work *work, const char *email)
{
    mail_delete_to(work, email);
    mail_choice_delete_all(work, email);
    mail_address_delete(work, email);
    work_touches(work, OBJECT_MAILBOX, 0);
}

bool outbox_forget_ended(struct work *work, int64_t mail_id)
{
    const char *address = mail_delete_ended(work, mail_id);
    if (address) {
        mail_address_delete_unused(work, address);
        work_touches(work, OBJECT_MAILBOX, 0);
    }
    return address || !mail_to_address(work, mail_id);
}

static void forget_run(struct work *work, struct job *job)
{
    int gone = mail_delete_old(work, work->now - (int64_t)MAIL_KEPT_DAYS * DAY_SECONDS);
    int emptied =
        mail_empty_old(work, work->now - (int64_t)MAIL_TEXT_KEPT_DAYS * DAY_SECONDS, &job->cursor);
    bool has_more = gone == JOB_PAGE_ROWS || emptied == JOB_PAGE_ROWS;
    if (gone + emptied > 0)
        work_touches(work, OBJECT_MAILBOX, 0);
    job->again_at = work->now + (has_more ? 0 : DAY_SECONDS);
}

static void measure(struct work *work, struct buf *out)
{
    static const char name[] = "essaim_mails_waiting";
    const struct outbox_status status = outbox_status_get(work);
    metrics_head(out, name, "gauge", "Mails that are to go out.");
    metrics_line(out, name, "turn=\"at_once\"", status.waiting_at_once);
    metrics_line(out, name, "turn=\"soon\"", status.waiting_soon);
    metrics_line(out, name, "turn=\"bulk\"", status.waiting_bulk);
    metrics_head(out, "essaim_mail_server_away", "gauge", "1 while the mail server takes nothing.");
    metrics_line(out, "essaim_mail_server_away", "", status.trouble_at > 0);
}

const struct feature outbox_feature = {
    .name = "outbox",
    .migrations = outbox_migrations,
    .measure = measure,
    .jobs =
        (const struct job_kind[]){{"outbox.forget", forget_run, .always = true}, {.name = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
    .check = mails_check,
};
