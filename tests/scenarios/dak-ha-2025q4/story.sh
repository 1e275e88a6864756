#!/bin/sh
# The quarter of Đăk Hà from top to bottom: README.md beside this file. Run from the root of the repository, with build/bin
# in PATH and both services running over an empty log.
set -e

sothon plan load deploy/plans/dak-ha-2025q4 --sample-parties
sothon import opening tests/scenarios/dak-ha-2025q4/opening.csv --agency buu-dien-dak-ha --date 2025-10-01
sothon record tests/scenarios/dak-ha-2025q4/01-october.toml
sothon import collections tests/scenarios/dak-ha-2025q4/collections-2025-10.csv --agency buu-dien-dak-ha
sothon findings --place 23500 --date 2025-10-31

# November: a village is renamed, a pupil is covered elsewhere
sothon publish --place 23500 --period 2025-10 --by bhxh-co-so-dak-ha --date 2025-11-04 --synthetic
sothon progress --place 23500 --period 2025-10 --as-published
sothon import collections tests/scenarios/dak-ha-2025q4/collections-2025-11.csv --agency buu-dien-dak-ha
sothon record tests/scenarios/dak-ha-2025q4/02-november.toml
sothon findings --place 23500 --date 2025-11-30

# December: a village is merged, and a slip still names it
sothon record tests/scenarios/dak-ha-2025q4/03-december-merger.toml
sothon import collections tests/scenarios/dak-ha-2025q4/late-slip-tdp-2b.csv --agency buu-dien-dak-ha
sothon findings --place 23500 --date 2025-12-05
sothon import collections tests/scenarios/dak-ha-2025q4/collections-2025-12.csv --agency buu-dien-dak-ha
sothon record tests/scenarios/dak-ha-2025q4/04-december.toml
sothon findings --place 23500 --date 2026-01-05

# What it came to
sothon uncovered --place 23500 --date 2026-01-05 --list schools
sothon progress --place 23500 --period 2025Q4 --scheme BHXH_TN
sothon late --place 23500 --period 2025-10
