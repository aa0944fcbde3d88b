#include "content/base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight {
namespace {

using testing::HasSubstr;

/// The message that reading `text` ends with; empty if it reads.
std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
    try {
        static_cast<void>(parse_json(text, "thing.json", limits));
        return {};
    } catch (const Error& e) {
        return e.what();
    }
}

TEST(Json, DuplicateKeysAreRefusedAtEveryDepth) {
    EXPECT_THAT(refusal(R"({"a":1,"b":2,"a":3})"), HasSubstr("key 'a' stands twice"));
    EXPECT_THAT(refusal(R"([{"x":{"k":1,"k":1}}])"), HasSubstr("key 'k' stands twice"));
    EXPECT_THAT(refusal(R"({"\u0061":1,"a":2})"), HasSubstr("key 'a' stands twice"));
    EXPECT_EQ(refusal(R"([{"a":1},{"a":1}])"), "");
}

TEST(Json, DepthSizeCountAndNumbersAreBounded) {
    EXPECT_NE(refusal(std::string(100'000, '[')), "");
    EXPECT_NE(refusal(std::string(33, '[') + std::string(33, ']')), "");
    EXPECT_THAT(refusal("[1,2,3]", {.bytes = 6}), HasSubstr("7 bytes, more than the 6"));
    EXPECT_THAT(refusal("[1,2,3]", {.values = 3}), HasSubstr("too many values"));
    EXPECT_THAT(refusal("[123456789012345678901234567890]"), HasSubstr("integer too large"));
    EXPECT_THAT(refusal("[" + std::string(5000, '9') + "]"), HasSubstr("integer too large"));
    EXPECT_EQ(refusal("[18446744073709551615,-9223372036854775808,1.5]"), "");
}

TEST(Json, TrailingBytesCommentsAndBadUtf8AreRefused) {
    for (const std::string text :
         {"", "{}x", "{} {}", "[1,]", "/*c*/{}", "{'a':1}", "[\"\xff\"]", "[01]", "nul", "{\"a\":1"}) {
        EXPECT_THAT(refusal(text), HasSubstr("thing.json")) << text;
    }
    EXPECT_EQ(refusal(" {} \n"), "");
}

TEST(Json, CanonicalFormSortsKeysAndEscapesOnlyTwoCharacters) {
    const auto value = parse_json(R"({"b":[true,null,-1],"a":{"z":"q\"\\\n","y":"ខ"}})", "x");
    EXPECT_EQ(canonical_json(value), "{\"a\":{\"y\":\"ខ\",\"z\":\"q\\\"\\\\\n\"},\"b\":[true,null,-1]}");
    EXPECT_THROW(static_cast<void>(canonical_json(boost::json::value(1.5))), Error);
}

TEST(Json, PrettyFormReadsBackEqual) {
    const auto value = parse_json(R"({"b":[1,{"c":[]}],"a":{},"t":"x"})", "x");
    EXPECT_EQ(parse_json(pretty_json(value), "again"), value);
}

TEST(JsonFields, NameWhatIsMissingWrongOrUnknown) {
    const auto value = parse_json(R"({"format":2,"n":7,"s":"text","extra":1})", "x");
    JsonFields fields(value, "file.json");
    const auto message = [](auto&& action) -> std::string {
        try {
            action();
        } catch (const Error& e) {
            return e.what();
        }
        return {};
    };
    EXPECT_THAT(message([&] { fields.format(1); }), HasSubstr("format 2 is not known"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.text("gone")); }), HasSubstr("key 'gone' is missing"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.integer("n", 0, 6)); }), HasSubstr("from 0 to 6"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.text("s", 3)); }), HasSubstr("longer than 3"));
    EXPECT_THAT(message([&] { fields.closed(); }), HasSubstr("unknown key 'extra'"));
    EXPECT_EQ(fields.integer("n", 0, 7), 7);
    EXPECT_EQ(fields.integer_or("none", 5, 0, 9), 5);
}

}  // namespace
}  // namespace riverlight
