-- SPDX-License-Identifier: AGPL-3.0-or-later
-- SEQUENCE of the calendar entry (RFC 5545): one more with each change of the row, and with each entry that is mailed.
ALTER TABLE sign_up ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
