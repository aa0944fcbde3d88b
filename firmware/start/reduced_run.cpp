#include "firmware/start/reduced_run.hpp"

#include <cassert>
#include <filesystem>
#include <optional>

#include "firmware/journal/record_copy.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
namespace facts = content::journal_facts;
using namespace std::chrono_literals;

constexpr auto shown_for = 24h;

}  // namespace

void store_reduced_mode(Journal& journal, const StartDecision& start) {
    assert(start.mode != RunMode::normal);
    if (journal.fact(facts::start_mode) != start.reason) journal.set_fact(facts::start_mode, start.reason);
}

std::size_t merge_leftover_journal(Journal& journal, const std::string& folder, const std::string& place,
                                   Instant now) {
    const auto path = folder + "/journal.db";
    if (!fs::exists(path)) return 0;
    std::size_t merged = 0;
    {
        Journal leftover(path, place);
        leftover.close_interrupted("the board stopped or lost power while this was on air");
        merged = journal.take_over(leftover);
        if (const auto reason = leftover.fact(facts::start_mode))
            journal.set_fact(facts::reduced_run, {now, *reason});
    }
    for (const auto* part : {"", "-wal", "-shm"}) fs::remove(path + part);
    for (const auto& copy : RecordCopy::find_others(folder, journal.state().epoch)) fs::remove(copy);
    return merged;
}

std::string reduced_run_notice(const Journal& journal, Instant now) {
    const auto run = journal.fact(facts::reduced_run);
    if (!run || now < run->taken_over || now - run->taken_over > shown_for) return {};
    return "All runs again since " + to_rfc3339(run->taken_over).substr(0, 16) + "Z. Before: " + run->why;
}

}  // namespace riverlight::firmware
