#include "firmware/update/update_step.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace riverlight::firmware {
namespace {

using content::every_update_state;
using content::UpdateState;

constexpr std::array every_step{
    UpdateStep::nothing, UpdateStep::lack,    UpdateStep::part,    UpdateStep::whole,   UpdateStep::begin,
    UpdateStep::done,    UpdateStep::refused, UpdateStep::settled, UpdateStep::written, UpdateStep::unproved};

TEST(UpdateStep, EachStateExpectsAStepOnceAtMost) {
    std::set<std::pair<UpdateState, UpdateStep>> seen;
    for (const auto& row : update_transitions())
        EXPECT_TRUE(seen.emplace(row.from, row.step).second) << to_text(row.from) << ' ' << to_text(row.step);
}

TEST(UpdateStep, TheChannelMaySayAnythingInEachState) {
    for (const auto state : every_update_state)
        for (const auto step : {UpdateStep::nothing, UpdateStep::lack, UpdateStep::part, UpdateStep::whole})
            EXPECT_TRUE(next_state(state, step)) << to_text(state) << ' ' << to_text(step);
}

TEST(UpdateStep, NothingThatTheChannelSaysEndsWhatHasBegun) {
    for (const auto state : {UpdateState::installing, UpdateState::restart_due, UpdateState::unsure})
        for (const auto step : {UpdateStep::nothing, UpdateStep::lack, UpdateStep::part, UpdateStep::whole})
            EXPECT_EQ(next_state(state, step), state);
}

TEST(UpdateStep, OnlyAWholeBundleIsInstalled) {
    for (const auto state : every_update_state)
        EXPECT_EQ(next_state(state, UpdateStep::begin).has_value(), state == UpdateState::ready)
            << to_text(state);
}

/// The words between the bars of a line.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out;
    std::istringstream words(line);
    for (std::string cell; std::getline(words, cell, '|');) {
        const auto begin = cell.find_first_not_of(' ');
        out.push_back(begin == cell.npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    return out;
}

TEST(UpdateStep, TheDocumentShowsThisTable) {
    std::ifstream readme(UPDATE_README);
    ASSERT_TRUE(readme);
    std::map<std::string, std::map<std::string, std::string>> shown;
    std::vector<std::string> heads;
    for (std::string line; std::getline(readme, line);) {
        if (!line.starts_with("| ")) continue;
        const auto words = cells(line);
        if (words.at(1) == "state") heads = words;
        if (heads.empty() || words.size() < 2) continue;
        for (std::size_t n = 2; n < words.size(); ++n) shown[words[1]][heads.at(n)] = words[n];
    }
    for (const auto state : every_update_state)
        for (const auto step : every_step) {
            const auto next = next_state(state, step);
            EXPECT_EQ(shown[std::string(to_text(state))][std::string(to_text(step))],
                      next ? to_text(*next) : "")
                << to_text(state) << ", " << to_text(step);
        }
}

}  // namespace
}  // namespace riverlight::firmware
