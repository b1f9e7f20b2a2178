/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads mails with GMime into the few things that the program looks at. A mail is a stranger's: its
 * bytes, its parts and how deep they lie have maxima, and past one of them it is not read at all.
 * Every text that comes out is valid UTF-8. */
#include "sys/mail.h"

#include <assert.h>
#include <gmime/gmime.h>
#include <pthread.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/mail_local.h"

enum { MAIL_DEPTH_MAX = 8, MAIL_PARTS_MAX = 64 };

struct reader {
    struct mem *mem;
    struct mail_read *read;
    const struct mail_attachment **next; /* where the next attachment hangs */
    int parts;
};

/* The classes of parts are made at once: the library's macros look into them wherever a part is
 * asked what it is, and two threads may meet the first one. */
static void library_start(void)
{
    g_mime_init();
    g_type_class_ref(GMIME_TYPE_TEXT_PART);
    g_type_class_ref(GMIME_TYPE_MULTIPART);
    g_type_class_ref(GMIME_TYPE_MESSAGE_PART);
}

/* A new string, valid UTF-8. NULL stays NULL. */
static const char *text_copy(struct mem *mem, const char *text)
{
    if (!text)
        return NULL;
    char *valid = g_utf8_make_valid(text, -1);
    const char *copy = mem_strdup(mem, valid);
    g_free(valid);
    return copy;
}

static const char *part_text(struct mem *mem, GMimeObject *part)
{
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    const char *copy = text_copy(mem, text ? text : "");
    g_free(text);
    return copy;
}

/* With line feeds alone. */
static const char *body_text(struct mem *mem, GMimeObject *part)
{
    char *text = mem_strdup(mem, part_text(mem, part));
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
    return text;
}

static void attachment_add(struct reader *reader, GMimeObject *part)
{
    struct mem *mem = reader->mem;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    char *mime_type = g_mime_content_type_get_mime_type(type);
    const char *name = GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : NULL;
    struct mail_attachment *attachment = MEM_NEW(mem, struct mail_attachment);
    *attachment = (struct mail_attachment){
        .name = text_copy(mem, name ? name : ""),
        .type = text_copy(mem, mime_type),
        .content = GMIME_IS_TEXT_PART(part) ? part_text(mem, part) : NULL,
    };
    g_free(mime_type);
    *reader->next = attachment;
    reader->next = &attachment->next;
}

/* The first text and the first HTML are the mail's own; all else hangs on it. */
static void leaf_read(struct reader *reader, GMimeObject *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);
    const char *disposition = g_mime_object_get_disposition(part);
    bool is_own = GMIME_IS_TEXT_PART(part) &&
                  !(disposition && str_equal_nocase(disposition, GMIME_DISPOSITION_ATTACHMENT));
    if (is_own && !reader->read->text && g_mime_content_type_is_type(type, "text", "plain"))
        reader->read->text = body_text(reader->mem, part);
    else if (is_own && !reader->read->html && g_mime_content_type_is_type(type, "text", "html"))
        reader->read->html = body_text(reader->mem, part);
    else
        attachment_add(reader, part);
}

static bool part_read(struct reader *reader, GMimeObject *part, int depth)
{
    if (++reader->parts > MAIL_PARTS_MAX || depth > MAIL_DEPTH_MAX)
        return false;
    if (!GMIME_IS_MULTIPART(part)) {
        leaf_read(reader, part);
        return true;
    }
    GMimeMultipart *multipart = GMIME_MULTIPART(part);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
        if (!part_read(reader, g_mime_multipart_get_part(multipart, i), depth + 1))
            return false;
    return true;
}

/* As people read it: `Anne <anne@example.org>, …`. NULL when there is none. */
static const char *addresses_text(struct mem *mem, InternetAddressList *addresses)
{
    char *text = addresses ? internet_address_list_to_string(addresses, NULL, FALSE) : NULL;
    const char *copy = text_copy(mem, text);
    g_free(text);
    return copy;
}

static const struct mail_read *message_read(struct mem *mem, GMimeMessage *message)
{
    struct mail_read *read = MEM_NEW(mem, struct mail_read);
    struct reader reader = {.mem = mem, .read = read, .next = &read->attachments};
    read->subject = text_copy(mem, g_mime_message_get_subject(message));
    read->from = addresses_text(mem, g_mime_message_get_from(message));
    read->to = addresses_text(mem, g_mime_message_get_to(message));
    GMimeObject *body = g_mime_message_get_mime_part(message);
    return !body || part_read(&reader, body, 0) ? read : NULL;
}

GMimeMessage *mail_message_new(const char *bytes, size_t count)
{
    assert(bytes || count == 0);
    if (count == 0 || count > MAIL_BYTES_MAX)
        return NULL;
    /* Outside of the app: the library keeps tables of its own. */
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_start);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

const struct mail_read *mail_parse(struct mem *mem, const char *bytes, size_t count)
{
    GMimeMessage *message = mail_message_new(bytes, count);
    const struct mail_read *read = message ? message_read(mem, message) : NULL;
    if (message)
        g_object_unref(message);
    return read;
}
