#include <unistd.h>

#include <iostream>
#include <memory>

#include "content/journal/reader.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

std::string journal_path(const std::string& state) {
    const auto path = state.ends_with(".db") ? state : state + "/journal.db";
    if (::access(path.c_str(), R_OK) != 0)
        throw Error(path +
                    ": does not exist or cannot be read; name a board's state folder, or its journal.db");
    return path;
}

void show(const std::string& state, std::int64_t from, std::size_t count, bool json) {
    const content::JournalReader journal(journal_path(state));
    for (const auto& r : journal.read(from, count)) {
        if (json) {
            std::cout << record_json(r) << '\n';
            continue;
        }
        std::cout << r.seq << "  " << (r.started ? to_rfc3339(*r.started) : "not on air                 ")
                  << "  " << r.outlet << "  " << (r.status ? to_text(*r.status) : "open") << "  " << r.segment
                  << "  " << r.locale_aired << "  " << r.frames << " frames"
                  << (r.reason.empty() ? "" : "  " + r.reason) << '\n';
    }
}

void verify(const std::string& state) {
    const content::JournalReader journal(journal_path(state));
    const auto fault = journal.verify();
    if (!fault.empty()) throw Error(state + ": the chain is broken: " + fault);
    const auto known = journal.state();
    std::cout << "board " << known.board << ", epoch " << known.epoch << ": " << known.last
              << " airings, the chain holds; the office has " << known.receipted << '\n';
}

}  // namespace

void add_journal(CLI::App& app) {
    auto* group = app.add_subcommand("journal", "a board's as-run log");
    group->require_subcommand(1);
    auto state = std::make_shared<std::string>();
    auto from = std::make_shared<std::int64_t>(1);
    auto count = std::make_shared<std::size_t>(1000);
    auto json = std::make_shared<bool>(false);
    auto* list = group->add_subcommand("show", "airings, oldest first");
    list->add_option("STATE", *state, "a board's state folder, or its journal.db")->required();
    list->add_option("--from", *from, "first sequence number")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    list->add_option("--count", *count, "how many at most")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    list->add_flag("--json", *json, "the records themselves, one a line");
    list->callback([=] { show(*state, *from, *count, *json); });
    auto* check = group->add_subcommand("verify", "walk the whole hash chain");
    check->add_option("STATE", *state, "a board's state folder, or its journal.db")->required();
    check->callback([state] { verify(*state); });
}

}  // namespace riverlight::cli
