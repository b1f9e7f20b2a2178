/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The bounds of the house in one place. Growing means changing a constant here. */
#pragma once

enum {
    /* HTTP (sys/http_mhd.c) */
    HTTP_HEAD_BYTES_MAX = 8192,       /* of a request, 64 for each field and cookie included */
    HTTP_REPLY_HEAD_BYTES_MAX = 3584, /* both together are the memory of each connection */
    HTTP_BODY_BYTES_MAX = 128 * 1024,
    HTTP_HEADERS_MAX = 64,
    HTTP_CONNECTIONS_MAX = 16000,
    HTTP_CONNECTIONS_PER_ADDRESS_MAX = 0, /* 0: none, since a proxy or a hall is one address */
    HTTP_HEAD_SECONDS_MAX = 10,
    HTTP_BODY_SECONDS_MAX = 30,
    HTTP_IDLE_SECONDS_MAX = 30,
    HTTP_ANSWER_SECONDS_MAX = 300, /* for a client that reads its answer slowly */
    HTTP_STOP_SECONDS_MAX = 8,     /* of the ten in which the whole process ends */
    HTTP_THREADS_MAX = 16,
    HTTP_FILE_BYTES_MIN = 6 * 1024, /* of a kept body: below, copying it is cheaper than a file */
    HTTP_FILE_FROM_SENDING = 8,     /* before, making the file would cost more than it saves */

    /* requests (web/) */
    READ_MS_MAX = 5000,                  /* what a page may ask of the database, waiting included */
    REQUEST_BYTES_MAX = 8 * 1024 * 1024, /* memory of one request */
    REPLY_BYTES_MAX = 2 * 1024 * 1024,
    STREAM_PIECE_BYTES_MAX = 1024 * 1024, /* of an answer that is made while it goes out */
    PATH_PARAMS_MAX = 4,
    PATH_PARAM_BYTES_MAX = 256,  /* of one, decoded: no slug, handle or token is as long */
    LOCAL_PATH_BYTES_MAX = 2048, /* of a path to go to: it has room in a reply's head */
    QUERY_FIELDS_MAX = 16,
    QUERY_WORDS_CHARS_MAX = 1000,
    QUERY_NAMES_CHARS_MAX = 200,
    QUERY_HANDLE_CHARS_MAX = 128,
    QUERY_KEY_CHARS_MAX = 160, /* two times and a slug */
    FORM_FIELDS_MAX = 64,

    /* the writer (web/writer.c) */
    WRITER_BATCH_REQUESTS_MAX = 256,
    WRITER_CAREFUL_BATCHES = 32, /* have savepoints after one that missed them */
    WRITER_BATCH_MS_MAX = 20,
    WRITER_BATCH_FAR_MS_MAX = 60, /* on a server, where it waits, and a COMMIT takes longer */
    WRITER_REQUEST_MS_MAX = 250,
    WRITER_QUEUE_MAX = 4096,
    NOTES_MAX = 64, /* objects that one request reads or touches */

    /* database (sys/db) */
    DB_ROWS_MAX = 2000, /* of one answer: no list has a greater LIMIT */
    DB_BUSY_MS_MAX = 5000,
    DB_WAIT_FACTOR = 20,      /* a step may wait that much longer than it may compute */
    DB_ANSWER_MS_MAX = 30000, /* for the server to answer, unless tx_limit says otherwise */
    DB_CANCEL_MS_MAX = 2000,  /* for it to end what it was told to end */
    DB_PAUSE_MS_MIN = 50,     /* between tries to reach a database that is not there */
    DB_PAUSE_MS_MAX = 5000,
    DB_STATEMENTS_MAX = 1024, /* kept prepared by each connection */
    DB_ERROR_BYTES_MAX = 320,
    DB_NOTICE_BYTES_MAX =
        7999, /* of what one transaction tells other processes: PostgreSQL's own */

    /* live streams (web/live.c) */
    LIVE_VIEWERS_MAX = 12000,
    LIVE_EVENT_MS_MIN = 250, /* at most four events a second for each object */
    LIVE_SENDS_MAX = 12500,  /* in a second, for one object: beyond, its events come less often */
    LIVE_ALIVE_SECONDS = 25,

    /* the page cache (web/cache.c) */
    CACHE_MB = 24, /* unless it is set */
    CACHE_MB_MAX = 4096,
    CACHE_WAIT_MS = 1000,   /* for who makes the same page; then it is made once more */
    CACHE_FILES_SHARE = 32, /* one in so many of the files that may be open holds a page */
    CACHE_AWAY_SECONDS_MAX = 10 * 60, /* since it was made: told while the database is away */

    /* lists */
    PAGE_ITEMS = 20,

    /* jobs and mails */
    JOB_PAGE_ROWS = 500,
    JOB_PAGE_MS = 100, /* then a page ends where it is: sign-ups wait for it */
    JOB_MS_MAX = 5000, /* of one run: a page of mails, on a slow machine */
    JOB_ATTEMPTS_MAX = 8,
    JOB_LEASE_SECONDS = 60,
    MAILS_TYPED_PER_HOUR_MAX = 3, /* to an address that anybody may have typed */
    MAIL_BYTES_MAX = 512 * 1024,
    SMTP_WORDS_BYTES_MAX = 400, /* of what a mail server says */
    SMTP_STOP_SECONDS_MAX = 3,  /* for the answer about a mail, when the process ends */

    /* people's texts, in code points */
    NAME_CHARS_MAX = 60,
    EMAIL_BYTES_MAX = 254, /* RFC 5321 */
    SLUG_CHARS_MAX = 80,
    MARKDOWN_BYTES_MAX = 32 * 1024,
    MARKDOWN_HTML_BYTES_MAX = 256 * 1024,
    TEMPLATE_TEXT_BYTES_MAX = 4096, /* one translated message with its holes filled */
};
