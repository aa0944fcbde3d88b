#include "firmware/slots/slot_report.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "content/base/file_pair.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

SlotReport report(SlotRecord a, SlotRecord b) {
    return {SystemSlot::a, {1, SystemSlot::b, {a, b}}};
}

TEST(SlotReport, IsReadBack) {
    const test::Folder folder;
    const auto file = folder / "slots.json";
    EXPECT_FALSE(read_slot_report(file));
    for (const auto trust : {SlotTrust::empty, SlotTrust::unsure, SlotTrust::sure, SlotTrust::failed})
        for (const auto fault : {SlotFault::none, SlotFault::starts_used, SlotFault::root_damaged,
                                 SlotFault::did_not_play, SlotFault::unknown}) {
            const auto written = report({SlotTrust::sure}, {trust, fault});
            write_slot_report(file, written);
            EXPECT_EQ(read_slot_report(file), written);
        }
}

TEST(SlotReport, WhatANewerVersionWrote) {
    const test::Folder folder;
    const auto file = folder / "slots.json";
    const auto write = [&](const char* trust, const char* fault) {
        const json::object slot{{"trust", trust}, {"fault", fault}};
        write_hashed(file, {{"format", 1},
                            {"running", "A"},
                            {"first", "B"},
                            {"slots", json::object{{"A", slot}, {"B", slot}}}});
        return read_slot_report(file);
    };
    ASSERT_TRUE(write("failed", "too-slow"));
    EXPECT_EQ(write("failed", "too-slow")->state.of(SystemSlot::a).fault, SlotFault::unknown);
    EXPECT_FALSE(write("half-sure", "none"));
}

}  // namespace
}  // namespace riverlight::firmware
