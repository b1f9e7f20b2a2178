/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A client of one socket for tests of what goes over the wire: it connects to the loopback, sends
 * bytes as they are, and reads one answer at a time. Only tests include it; it forgives nothing. */
#pragma once
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_PATIENCE_SECONDS = 5 };

struct answer {
    int status; /* 0: the connection ended without one */
    char head[8192];
    char body[256 * 1024];
};

/* From that address of the loopback's; -1: nobody listens. */
static inline int client_connect_from(const char *address, int port)
{
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address)};
    int bound = bind(client, (struct sockaddr *)&from, sizeof from);
    assert(bound == 0);
    struct timeval patience = {.tv_sec = CLIENT_PATIENCE_SECONDS};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(client, (struct sockaddr *)&to, sizeof to) == 0)
        return client;
    close(client);
    return -1;
}

static inline int client_connect(int port)
{
    return client_connect_from("127.0.0.1", port);
}

/* The server may have refused and closed before all of it was sent: that is for the answer to tell.
 */
static inline void client_send(int client, const char *text)
{
    size_t count = strlen(text);
    while (count > 0) {
        ssize_t sent = send(client, text, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        count -= (size_t)sent;
    }
}

/* Reads bytes until `end` is among them; false: the connection ended or nothing came. */
static inline bool client_read_until(int client, const char *end, char *text, size_t bytes_max)
{
    size_t length = 0;
    text[0] = '\0';
    while (!strstr(text, end)) {
        if (length == bytes_max - 1 || recv(client, text + length, 1, 0) != 1)
            return false;
        text[++length] = '\0';
    }
    return true;
}

/* Reads one answer, to its end but not further; its status. */
static inline int client_read(int client, bool with_body, struct answer *answer)
{
    answer->status = 0;
    answer->body[0] = '\0';
    if (!client_read_until(client, "\r\n\r\n", answer->head, sizeof answer->head))
        return 0;
    int fields = sscanf(answer->head, "HTTP/1.1 %d", &answer->status);
    assert(fields == 1);
    const char *length = strcasestr(answer->head, "Content-Length: ");
    size_t bytes = 0;
    if (with_body && length)
        sscanf(length, "%*s %zu", &bytes);
    assert(bytes < sizeof answer->body);
    ssize_t received = bytes > 0 ? recv(client, answer->body, bytes, MSG_WAITALL) : 0;
    assert(received == (ssize_t)bytes);
    answer->body[bytes] = '\0';
    return answer->status;
}

/* The server has ended the connection; false: it is open, or says more. */
static inline bool client_is_ended(int client)
{
    char byte;
    ssize_t received = recv(client, &byte, 1, 0);
    return received == 0 || (received < 0 && errno == ECONNRESET);
}
