-- SPDX-License-Identifier: AGPL-3.0-or-later
ALTER TABLE job ADD COLUMN fault TEXT NOT NULL DEFAULT ''; -- what its last failure was, for administrators
