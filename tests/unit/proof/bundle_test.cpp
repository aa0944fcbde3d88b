// A bundle's lines, and what is no bundle.
#include "tests/support/refusal.hpp"
#include "tests/unit/proof/proof_fixture.hpp"
#include "tools/proof/bundle_reader.hpp"

namespace riverlight::proof {
namespace {

std::optional<ReadFault> fault_of(const std::string& text) {
    try {
        std::istringstream in(text);
        static_cast<void>(verify_bundle(in, "bundle"));
    } catch (const ReadError& e) {
        return e.kind;
    }
    return std::nullopt;
}

TEST_F(ProofTest, EachLineReadsBackToTheSameBytes) {
    report_all();
    std::istringstream in(bundle());
    for (std::string line; std::getline(in, line);)
        EXPECT_EQ(write_line(parse_line(line, "line")), line + '\n');
}

TEST_F(ProofTest, ABundleThatWasCutOffIsRefused) {
    report_all();
    const auto text = bundle();
    EXPECT_EQ(fault_of(""), ReadFault::missing);
    EXPECT_EQ(fault_of(text.substr(0, text.size() / 2)), ReadFault::missing);
    for (auto at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1))
        EXPECT_EQ(fault_of(text.substr(0, at + 1)), ReadFault::missing);
}

TEST_F(ProofTest, LinesInAnotherOrderAreRefused) {
    report_all();
    const auto text = bundle();
    EXPECT_EQ(fault_of(text + text), ReadFault::misplaced);
    for (const auto* kind : {"bundle", "place", "epoch"})
        EXPECT_EQ(fault_of(changed(text,
                                   [&](Object& line) {
                                       if (is(line, kind)) line.clear();
                                   })),
                  ReadFault::misplaced)
            << kind;
    EXPECT_EQ(fault_of(changed(text,
                               [](Object& line) {
                                   if (is(line, "end")) line["places"] = 7;
                               })),
              ReadFault::missing);
}

TEST_F(ProofTest, ALineWithoutEndIsRefusedBeforeItIsParsed) {
    EXPECT_EQ(fault_of(std::string(longest_line + 1, ' ') + '\n'), ReadFault::too_large);
    EXPECT_EQ(fault_of(std::string(9000, '[') + '\n'), ReadFault::too_large);
}

TEST_F(ProofTest, WhatIsNoLineIsRefused) {
    report_all();
    const auto text = bundle();
    const auto with = [&](const char* kind, const char* key, const boost::json::value& value) {
        return fault_of(changed(text, [&](Object& line) {
            if (is(line, kind)) line[key] = value;
        }));
    };
    EXPECT_EQ(with("bundle", "format", 2), ReadFault::unsupported);
    EXPECT_EQ(with("bundle", "more", 2), ReadFault::unknown);
    EXPECT_EQ(with("day", "day", "yesterday"), ReadFault::malformed);
    EXPECT_EQ(with("day", "figures", boost::json::array{boost::json::array{"a"}}), ReadFault::malformed);
    EXPECT_EQ(with("record", "doubt", "because"), ReadFault::unknown);
    EXPECT_EQ(with("record", "index", -1), ReadFault::out_of_range);
    EXPECT_EQ(with("inclusion", "proof", boost::json::array{7}), ReadFault::wrong_type);
    EXPECT_EQ(with("signature", "line", "song"), ReadFault::unknown);
    EXPECT_THROW((void)fault_of(changed(text,
                                        [](Object& line) {
                                            if (is(line, "bundle")) line["head"].as_object()["size"] = 1;
                                        })),
                 Error)
        << "a head that its office did not sign";
}

// A verdict prints texts to a terminal.
TEST(ProofLine, ATextWithControlCharactersIsRefused) {
    const auto fault = [](const std::string& text) -> std::optional<ReadFault> {
        try {
            static_cast<void>(parse_line(text, "line"));
        } catch (const ReadError& e) {
            return e.kind;
        }
        return std::nullopt;
    };
    const auto place = [](const std::string& name) {
        return R"({"country":"KH","hashes_only":false,"line":"place","name":")" + name +
               R"(","place":"kh-1"})";
    };
    EXPECT_EQ(fault(place("Phnom Penh")), std::nullopt);
    EXPECT_EQ(fault(place(R"(\u001b[2J)")), ReadFault::malformed);
    const auto day = [](const std::string& campaign) {
        return R"({"began":"2026-11-20T00:00:00.000000Z","day":"2026-11-20","ended":"2026-11-21T00:00:00.000000Z",)"
               R"("figures":[[")" +
               campaign +
               R"(","","",0,0,0,0,0,0,0,0,0,0,0]],"line":"day","plan":"","since":"2026-11-20T00:00:00.000000Z"})";
    };
    EXPECT_EQ(fault(day("hotline")), std::nullopt);
    EXPECT_EQ(fault(day(R"(\u001b[2J)")), ReadFault::malformed);
}

TEST_F(ProofTest, DaysOfOnePlaceFollowEachOther) {
    report_all();
    EXPECT_EQ(fault_of(changed(bundle(),
                               [](Object& line) {
                                   if (is(line, "day")) line["began"] = "2026-11-20T17:00:00.000000Z";
                               })),
              ReadFault::misplaced);
}

TEST(Findings, EachHasItsWords) {
    std::set<std::string_view> names, sentences;
    for (auto n = 0; n <= static_cast<int>(ProofFinding::head_not_compared); ++n) {
        names.insert(to_text(static_cast<ProofFinding>(n)));
        sentences.insert(describe(static_cast<ProofFinding>(n)));
    }
    EXPECT_EQ(names.size(), 19U);
    EXPECT_EQ(sentences.size(), 19U);
    EXPECT_TRUE(is_false(ProofFinding::figure_differs));
    EXPECT_FALSE(is_false(ProofFinding::hash_only));
}

}  // namespace
}  // namespace riverlight::proof
