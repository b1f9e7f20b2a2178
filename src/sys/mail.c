/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Composes mails: a text and its HTML twin, and sometimes a calendar. Writing is ours, since it is
 * little and stands in every sign-up's transaction; reading others' mails is not done here. What
 * people typed into names and subjects is encoded unless it is short and plain, and line breaks are
 * spaces everywhere: no text can begin a header of its own.
 * Source: RFC 5322, 2045 and 2046; docs/decisions/0032-mails-composed-by-ourselves.md */
#include "sys/mail.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "sys/mail_local.h"

enum { PLAIN_CHARS_MAX = 60, LINE_CHARS_MAX = 76 };

/* Between parts: neither quoted-printable nor base64 ever has "=_". Source: RFC 2045, 6.7 */
#define ALTERNATIVE "=_alternative"
#define MIXED "=_mixed"

/* What a name may hold as it is: the letters of atoms (RFC 5322, 3.2.3) and spaces, but none that
 * an encoded word has. */
static const char name_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "!#$%&'*+-/^_`{|}~ ";
static const char subject_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456"
                                      "789!#$%&'*+-/^_`{|}~ \"(),.:;<>@[\\]?";

/* Short, of those letters, and with no space that could get lost. */
static bool is_plain(const char *text, const char *letters)
{
    size_t length = strlen(text);
    return length > 0 && length <= PLAIN_CHARS_MAX && text[0] != ' ' && text[length - 1] != ' ' &&
           text[strspn(text, letters)] == '\0' && !strstr(text, "  ");
}

static void text_put(struct buf *out, const char *text, const char *letters, size_t column)
{
    if (is_plain(text, letters))
        buf_put(out, text);
    else
        mail_words_put(out, text, column);
}

/* A value that is written as it is, but in one line of ASCII: an id, a language, an address of a
 * page. A site's name may be of another script: escaped as in addresses, it is also an id's. */
static void line_put(struct buf *out, const char *before, const char *value, const char *after)
{
    buf_put(out, before);
    for (; *value; value++)
        if ((unsigned char)*value >= 0x80)
            buf_printf(out, "%%%02X", (unsigned char)*value);
        else
            buf_put_char(out, *value < ' ' || *value == 0x7f ? ' ' : *value);
    buf_put(out, after);
}

/* "Anne <anne@example.org>"; the address goes on in the next line where it does not fit. */
static void mailbox_put(struct buf *out, const char *header, const char *name, const char *address)
{
    const char *ascii = mail_address_ascii(out->mem, address);
    assert(ascii);
    size_t begins = out->length;
    buf_put(out, header);
    if (str_is_empty(name)) {
        buf_put(out, ascii);
    } else {
        text_put(out, name, name_letters, strlen(header));
        bool fits = out->length - begins + strlen(ascii) + strlen(" <>") <= LINE_CHARS_MAX;
        line_put(out, fits ? " <" : "\r\n <", ascii, ">");
    }
    buf_put(out, "\r\n");
}

static void date_put(struct buf *out, int64_t at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct wall wall = wall_from_seconds(at);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[wall.weekday], wall.day,
               months[wall.month - 1], wall.year, wall.hour, wall.minute, wall.second);
}

/* One click is for https alone: RFC 8058, 3.1. */
static void unsubscribe_put(struct buf *out, const char *url)
{
    line_put(out, "List-Unsubscribe: <", url, ">\r\n");
    if (str_starts(url, "https://"))
        buf_put(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void headers_put(struct buf *out, const struct mail *mail)
{
    static const char subject[] = "Subject: ";
    mailbox_put(out, "From: ", mail->from_name, mail->from_address);
    mailbox_put(out, "To: ", mail->to_name, mail->to_address);
    if (mail->reply_to)
        mailbox_put(out, "Reply-To: ", mail->reply_to_name, mail->reply_to);
    buf_put(out, subject);
    text_put(out, mail->subject, subject_letters, strlen(subject));
    line_put(out, "\r\nMessage-Id: <", mail->message_id, ">\r\n");
    date_put(out, mail->date_at);
    buf_put(out, "Auto-Submitted: auto-generated\r\n");
    if (mail->lang)
        line_put(out, "Content-Language: ", mail->lang, "\r\n");
    if (mail->unsubscribe_url)
        unsubscribe_put(out, mail->unsubscribe_url);
    buf_put(out, "MIME-Version: 1.0\r\n");
}

static void text_part_put(struct buf *out, const char *subtype, const char *text)
{
    line_put(out, "\r\n--" ALTERNATIVE "\r\nContent-Type: text/", subtype,
             "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    mail_quoted_put(out, text);
}

static void alternative_put(struct buf *out, const struct mail *mail)
{
    buf_put(out, "Content-Type: multipart/alternative; boundary=\"" ALTERNATIVE "\"\r\n");
    text_part_put(out, "plain", mail->text);
    text_part_put(out, "html", mail->html);
    buf_put(out, "\r\n--" ALTERNATIVE "--\r\n");
}

/* In base64: its line ends are part of it, and must arrive as they are. The method is said outside
 * as it is inside, where no text can begin a line. Source: RFC 6047, section 2.4 */
static void calendar_put(struct buf *out, const char *calendar)
{
    bool cancels = strstr(calendar, "\r\nMETHOD:CANCEL\r\n");
    line_put(out,
             "Content-Type: text/calendar; charset=utf-8; method=", cancels ? "CANCEL" : "PUBLISH",
             "\r\nContent-Disposition: attachment; filename=invite.ics\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\n");
    mail_base64_put(out, calendar, strlen(calendar));
}

const char *mail_compose(struct mem *mem, const struct mail *mail)
{
    assert(mail && mail->subject && mail->message_id && mail->text && mail->html);
    struct buf *out = buf_new(mem, MAIL_BYTES_MAX);
    headers_put(out, mail);
    if (mail->calendar)
        buf_put(out,
                "Content-Type: multipart/mixed; boundary=\"" MIXED "\"\r\n\r\n--" MIXED "\r\n");
    alternative_put(out, mail);
    if (mail->calendar) {
        buf_put(out, "\r\n--" MIXED "\r\n");
        calendar_put(out, mail->calendar);
        buf_put(out, "\r\n--" MIXED "--\r\n");
    }
    return out->over ? NULL : out->bytes;
}
