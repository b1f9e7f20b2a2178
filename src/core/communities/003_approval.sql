-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Whose campaigns wait for a facilitator before they open: never, first (of each person), always.
ALTER TABLE community ADD COLUMN approval TEXT NOT NULL DEFAULT 'first';
