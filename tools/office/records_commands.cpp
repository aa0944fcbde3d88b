#include "tools/office/records_commands.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "content/base/plain_text.hpp"
#include "tools/office/command_parts.hpp"
#include "tools/office/records_backup.hpp"
#include "tools/office/records_check.hpp"
#include "tools/office/records_move.hpp"
#include "tools/office/records_prune.hpp"

namespace riverlight::office {
namespace {

void print(const std::vector<TableContent>& tables) {
    for (const auto& table : tables)
        std::cout << table.table << ": " << table.rows << " rows, sha256 " << table.digest << '\n';
}

/// The file's name stands for the file of the state folder.
RecordsAddress address_of(const std::string& state, std::string text) {
    if (text == "-") std::getline(std::cin, text);
    if (text == "office.db") return RecordsAddress::file(state + "/office.db");
    return RecordsAddress::server(std::move(text));
}

void add_move(CLI::App& app) {
    struct Options {
        std::string state, to;
    };
    auto* command = app.add_subcommand("migrate-to",
                                       "move the records into another database, while the office is stopped");
    auto o = std::make_shared<Options>();
    command
        ->add_option("ADDRESS", o->to,
                     "postgresql://USER@HOST/DATABASE, which is empty, or office.db: back into the file. - "
                     "reads it from standard input, where no other user sees a password")
        ->required();
    add_state(*command, o->state);
    command->callback([o] {
        require_records(o->state);
        const auto to = address_of(o->state, o->to);
        const auto moved = move_records(o->state, to);
        print(moved.tables);
        std::cout << to.shown() << " holds the same as what was there, and is the office's database now. "
                  << "What was there stays: " << moved.old_records << '\n';
    });
}

void add_backup(CLI::App& app) {
    struct Options {
        std::string state, file;
    };
    auto* command = app.add_subcommand(
        "backup", "write all records into one file, also while the office serves; without office.key");
    auto o = std::make_shared<Options>();
    command->add_option("FILE", o->file, "file to write; a backup that is there is replaced")->required();
    add_state(*command, o->state);
    command->callback([o] {
        require_records(o->state);
        const auto made = write_backup(o->state, o->file, now());
        std::int64_t rows = 0;
        for (const auto& table : made.tables) rows += table.rows;
        std::cout << o->file << ": " << rows << " rows in " << made.tables.size()
                  << " tables. office.key is not in it: keep a copy of that in another place, once\n";
    });
}

void add_restore(CLI::App& app) {
    struct Options {
        std::string state, file;
        bool other_key = false;
    };
    auto* command = app.add_subcommand(
        "restore", "put a backup's records in place of those that are there, which stay under another name");
    auto o = std::make_shared<Options>();
    command->add_option("FILE", o->file, "what 'backup' wrote, from either database")->required();
    add_state(*command, o->state);
    command->add_flag("--other-key", o->other_key,
                      "office.key of those records is lost: boards have to enrol again, since they trust no "
                      "receipt of another key");
    command->callback([o] {
        const auto restored =
            restore_backup(o->state, o->file, o->other_key ? OtherKey::accepted : OtherKey::refused, now());
        std::cout << "restored: the records of " << to_rfc3339(restored.backup.made) << ", a list of "
                  << restored.size << ". ";
        if (!restored.old_records.empty())
            std::cout << "What was there stays: " << restored.old_records << ". ";
        std::cout << "Boards send again what they still hold\n";
    });
}

std::string_view words_of(Unsettled why) {
    switch (why) {
        case Unsettled::too_young:
            return "records of the last 60 days may still come; the newest day to prune before is";
        case Unsettled::board_behind:
            return "has sent nothing of that day or later: wait for it, or retire it";
        case Unsettled::not_filed:
            return "is a place that the channel has not told of: its airings are filed under no country";
        case Unsettled::not_counted:
            return "waits for the channel, to be counted";
        case Unsettled::not_intact:
            return "is missing or changed; see 'riverlight-office check'";
    }
    return "";
}

void add_prune(CLI::App& app) {
    struct Options {
        std::string state, before;
    };
    auto* command = app.add_subcommand(
        "prune", "remove the airings and plans of days long ago; their sums and the hashes of records stay");
    auto o = std::make_shared<Options>();
    command->add_option("--before", o->before, "first day that stays, YYYY-MM-DD; 60 days ago or earlier")
        ->required();
    add_state(*command, o->state);
    command->callback([o] {
        require_records(o->state);
        const auto pruned = prune_records(o->state, day_of("--before", o->before), now());
        for (const auto& obstacle : pruned.obstacles)
            if (obstacle.why == Unsettled::too_young)
                std::cout << words_of(obstacle.why) << ' ' << obstacle.what << '\n';
            else
                std::cout << obstacle.what << ' ' << words_of(obstacle.why) << '\n';
        if (!pruned.obstacles.empty()) {
            std::cout << "nothing was removed\n";
            throw CLI::RuntimeError(1);
        }
        std::cout << pruned.records << " records of days before " << o->before
                  << " were removed. Their hashes and the sums of their days stay\n";
    });
}

std::string_view name_of(CheckFault fault) {
    switch (fault) {
        case CheckFault::format:
            return "format";
        case CheckFault::damaged:
            return "damaged";
        case CheckFault::record:
            return "record";
        case CheckFault::list:
            return "list";
        case CheckFault::sum:
            return "sum";
        case CheckFault::count:
            return "count";
        case CheckFault::reference:
            return "reference";
    }
    return "";
}

void add_check(CLI::App& app) {
    auto* command = app.add_subcommand(
        "check",
        "check the database, each record, the list of all, and every sum; ends with 1 for a finding");
    auto state = std::make_shared<std::string>();
    add_state(*command, *state);
    command->callback([state] {
        require_records(*state);
        const auto report = check_records(*state);
        for (const auto& what : report.not_checked) std::cout << "not checked: " << what << '\n';
        for (const auto& finding : report.findings)
            std::cout << name_of(finding.fault) << ": " << plain_text(finding.where) << ": "
                      << plain_text(finding.what) << '\n';
        if (!report.findings.empty()) throw CLI::RuntimeError(1);
        std::cout << "the records are whole: as boards wrote them, as the office signed them, as it counted "
                     "them\n";
    });
}

}  // namespace

void add_records_commands(CLI::App& app) {
    add_move(app);
    add_backup(app);
    add_restore(app);
    add_prune(app);
    add_check(app);
}

}  // namespace riverlight::office
