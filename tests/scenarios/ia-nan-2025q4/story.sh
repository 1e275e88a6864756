#!/bin/sh
# The quarter of Ia Nan from top to bottom: README.md beside this file. Run from the root of the repository, with build/bin
# in PATH and both services running over an empty log.
set -e

sothon plan load deploy/plans/ia-nan-2025 --sample-parties
sothon import opening tests/scenarios/ia-nan-2025q4/opening.csv --agency buu-dien-duc-co --date 2025-10-01
sothon import collections tests/scenarios/ia-nan-2025q4/counter-october-buu-dien-duc-co.csv --agency buu-dien-duc-co
sothon import collections tests/scenarios/ia-nan-2025q4/counter-october-tcdvt-mau-a.csv --agency tcdvt-mau-a
sothon import collections tests/scenarios/ia-nan-2025q4/counter-october-tcdvt-mau-b.csv --agency tcdvt-mau-b
sothon record tests/scenarios/ia-nan-2025q4/01-start.toml
sothon findings --place 23884 --date 2025-10-20

# W43 Làng mẫu 1: all as the plan wants it
sothon record tests/scenarios/ia-nan-2025q4/w43-1-prepare.toml
sothon drive open --drive d-w43 --place 23884-01 --office bhxh-co-so-duc-co --date 2025-10-23 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w43-2-drive.toml
sothon publish --place 23884 --period 2025-W43 --by bhxh-co-so-duc-co --date 2025-10-27 --synthetic
sothon findings --place 23884 --date 2025-10-27

# W44 Làng mẫu 2: two collectors
sothon record tests/scenarios/ia-nan-2025q4/w44-1-prepare.toml
sothon drive open --drive d-w44 --place 23884-02 --office bhxh-co-so-duc-co --date 2025-10-30 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w44-2-drive.toml
sothon publish --place 23884 --period 2025-W44 --by bhxh-co-so-duc-co --date 2025-11-03 --synthetic
sothon findings --place 23884 --date 2025-11-03

# October is made public (plan#38)
sothon publish --place 23884 --period 2025-10 --by bhxh-co-so-duc-co --date 2025-11-05 --synthetic
sothon progress --place 23884 --period 2025-10 --as-published

# W45 Làng mẫu 3: an agency is absent
sothon record tests/scenarios/ia-nan-2025q4/w45-1-prepare.toml
sothon drive open --drive d-w45 --place 23884-03 --office bhxh-co-so-duc-co --date 2025-11-06 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w45-2-drive.toml
sothon publish --place 23884 --period 2025-W45 --by bhxh-co-so-duc-co --date 2025-11-10 --synthetic
sothon findings --place 23884 --date 2025-11-10

# W46 Làng mẫu 4: six collectors; no report by Wednesday
sothon record tests/scenarios/ia-nan-2025q4/w46-1-prepare.toml
sothon drive open --drive d-w46 --place 23884-04 --office bhxh-co-so-duc-co --date 2025-11-13 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w46-2-drive.toml
sothon publish --place 23884 --period 2025-W46 --by bhxh-co-so-duc-co --date 2025-11-17 --synthetic
sothon findings --place 23884 --date 2025-11-17
sothon findings --place 23884 --date 2025-11-20

# W47: nothing; a receipt of October is taken back after October was published (plan#60)
sothon reverse --agency tcdvt-mau-a --receipt A-0060 --date 2025-11-21 --reason "thu trùng, đã hoàn tiền" --synthetic
sothon late --place 23884 --period 2025-10
sothon record tests/scenarios/ia-nan-2025q4/w47-no-drive.toml
sothon publish --place 23884 --period 2025-W47 --by bhxh-co-so-duc-co --date 2025-11-24 --synthetic
sothon findings --place 23884 --date 2025-11-24

# W48 Làng mẫu 5; a second collection by the wrong collector; a contract ends
sothon record tests/scenarios/ia-nan-2025q4/w48-1-prepare.toml
sothon drive open --drive d-w48 --place 23884-05 --office bhxh-co-so-duc-co --date 2025-11-27 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w48-2-drive.toml
sothon publish --place 23884 --period 2025-W48 --by bhxh-co-so-duc-co --date 2025-12-01 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w48-3-renewals-and-contract.toml
sothon findings --place 23884 --date 2025-12-01

# W49 Làng mẫu 7: 140 %
sothon record tests/scenarios/ia-nan-2025q4/w49-0-new-collectors.toml
sothon record tests/scenarios/ia-nan-2025q4/w49-1-prepare.toml
sothon drive open --drive d-w49 --place 23884-07 --office bhxh-co-so-duc-co --date 2025-12-04 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w49-2-drive.toml
sothon publish --place 23884 --period 2025-W49 --by bhxh-co-so-duc-co --date 2025-12-08 --synthetic
sothon findings --place 23884 --date 2025-12-08

# W50 Làng mẫu 8, W51 Làng mẫu 6, W52 Làng mẫu 9, 2026-W01 Làng mẫu 10
sothon record tests/scenarios/ia-nan-2025q4/w50-1-prepare.toml
sothon drive open --drive d-w50 --place 23884-08 --office bhxh-co-so-duc-co --date 2025-12-11 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w50-2-drive.toml
sothon publish --place 23884 --period 2025-W50 --by bhxh-co-so-duc-co --date 2025-12-15 --synthetic
sothon findings --place 23884 --date 2025-12-15
sothon record tests/scenarios/ia-nan-2025q4/w51-1-prepare.toml
sothon drive open --drive d-w51 --place 23884-06 --office bhxh-co-so-duc-co --date 2025-12-18 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w51-2-drive.toml
sothon publish --place 23884 --period 2025-W51 --by bhxh-co-so-duc-co --date 2025-12-22 --synthetic
sothon findings --place 23884 --date 2025-12-22
sothon record tests/scenarios/ia-nan-2025q4/w52-1-prepare.toml
sothon drive open --drive d-w52 --place 23884-09 --office bhxh-co-so-duc-co --date 2025-12-25 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w52-2-drive.toml
sothon publish --place 23884 --period 2025-W52 --by bhxh-co-so-duc-co --date 2025-12-29 --synthetic
sothon findings --place 23884 --date 2025-12-29
sothon record tests/scenarios/ia-nan-2025q4/w01-1-prepare.toml
sothon drive open --drive d-w01 --place 23884-10 --office bhxh-co-so-duc-co --date 2025-12-29 --synthetic
sothon record tests/scenarios/ia-nan-2025q4/w01-2-drive.toml
sothon publish --place 23884 --period 2026-W01 --by bhxh-co-so-duc-co --date 2026-01-05 --synthetic
sothon findings --place 23884 --date 2026-01-05

# What it came to
sothon weeks --place 23884 --from 2025-W40 --to 2026-W01 --date 2026-01-05
sothon drives --place 23884 --date 2026-01-05 --list products
sothon progress --place 23884 --period 2025Q4
sothon late --place 23884 --period 2025-10
