#include "content/base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <utility>
#include <vector>

namespace riverlight {
namespace {

using testing::HasSubstr;

/// The message of the Error that reading `text` throws; empty if none.
std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
    try {
        static_cast<void>(parse_json(text, "thing.json", limits));
        return {};
    } catch (const Error& e) {
        return e.what();
    }
}

TEST(Json, DuplicateKeysAreRefusedAtEveryDepth) {
    EXPECT_THAT(refusal(R"({"a":1,"b":2,"a":3})"), HasSubstr("duplicate key 'a'"));
    EXPECT_THAT(refusal(R"([{"x":{"k":1,"k":1}}])"), HasSubstr("duplicate key 'k'"));
    EXPECT_THAT(refusal(R"({"\u0061":1,"a":2})"), HasSubstr("duplicate key 'a'"));
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

/// The canonical form of `part` in one pass, and the streamed members of a.b.
struct Read {
    JsonDocument document;
    std::vector<std::pair<std::string, std::string>> members;
};
Read read_with(std::string_view part, const std::string& text) {
    Read out;
    out.document = parse_json_with(part, text, "x", {},
                                   {"a", "b", [&](std::string_view key, const boost::json::value& value) {
                                        out.members.emplace_back(key, boost::json::serialize(value));
                                    }});
    return out;
}

TEST(Json, OnePassGivesTheCanonicalFormAndStreamsTheMembers) {
    const std::string text =
        R"({"sig":[1.5,{"z":1,"a":2}],"a":{"x":[{"q":1,"p":[]},"\u0041\"\\\n"],"b":{"k2":{"n":{"y":-1,"x":"é"}},)"
        R"("k1":[true,null],"":18446744073709551615},"A":{}},"t":{"b":{"no":1}}})";
    const auto read = read_with("a", text);
    EXPECT_EQ(read.document.canonical, canonical_json(parse_json(text, "x").at("a")));
    EXPECT_THAT(read.members,
                testing::ElementsAre(std::pair("k2", R"({"n":{"y":-1,"x":"é"}})"),
                                     std::pair("k1", "[true,null]"), std::pair("", "18446744073709551615")));
    auto without = parse_json(text, "x");
    without.at("a").at("b") = boost::json::object{};
    EXPECT_EQ(read.document.value, without);
    EXPECT_EQ(read_with("none", text).document.canonical, "");
    EXPECT_THROW(read_with("sig", text), Error) << "a floating-point number cannot be signed";
    EXPECT_EQ(read_with("b", R"({"a":[{"b":{"k":1}}],"b":7})").document.canonical, "7");
    EXPECT_TRUE(read_with("b", R"({"a":[{"b":{"k":1}}],"b":7})").members.empty());
}

TEST(Json, KeysAreSortedAsTheyReadNotAsTheyAreEscaped) {
    const std::string text = R"({"a":{"\"":1,"#":2,"!":3,"\\":4,"]":5,"[":6,"\\\"":7,"\\a":8}})";
    EXPECT_EQ(read_with("a", text).document.canonical, canonical_json(parse_json(text, "x").at("a")));
    EXPECT_THAT(refusal(R"({"x":{"\"":1,"a":2,"\u0022":3}})"), HasSubstr("duplicate key"));
}

TEST(Json, AStreamsHandlerMayThrow) {
    const auto refuse = [](std::string_view, const boost::json::value&) { throw Error("not this one"); };
    try {
        static_cast<void>(parse_json_with("a", R"({"a":{"b":{"k":1}}})", "x", {}, {"a", "b", refuse}));
        FAIL();
    } catch (const Error& e) {
        EXPECT_STREQ(e.what(), "not this one");
    }
}

rc::Gen<boost::json::value> any_json(int depth) {
    using boost::json::value;
    const auto text =
        rc::gen::map(rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\"\\#\n]"))),
                     [](const std::string& s) { return value(s); });
    const auto number =
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return value(n); });
    if (depth == 0) return rc::gen::oneOf(text, number);
    const auto inner = any_json(depth - 1);
    const auto array = rc::gen::map(rc::gen::container<std::vector<value>>(inner), [](const auto& items) {
        return value(boost::json::array(items.begin(), items.end()));
    });
    const auto object =
        rc::gen::map(rc::gen::container<std::vector<std::pair<value, value>>>(rc::gen::pair(text, inner)),
                     [](const auto& members) {
                         boost::json::object out;
                         for (const auto& [key, item] : members) out[key.as_string()] = item;
                         return value(out);
                     });
    return rc::gen::oneOf(text, number, array, object);
}

TEST(Json, OnePassEqualsTwoPassesForAnyDocument) {
    EXPECT_TRUE(rc::check("canonical in one pass", [] {
        boost::json::object document;
        document["signatures"] = *any_json(1);
        document["signed"] = *any_json(2);
        const auto text = boost::json::serialize(document);
        const auto read = parse_json_with("signed", text, "x");
        RC_ASSERT(read.value == boost::json::value(document));
        RC_ASSERT(read.canonical == canonical_json(document.at("signed")));
    }));
}

TEST(Json, PrettyFormReadsBackEqual) {
    const auto value = parse_json(R"({"b":[1,{"c":[]}],"a":{},"t":"x"})", "x");
    EXPECT_EQ(parse_json(pretty_json(value), "again"), value);
}

TEST(JsonFields, NameMissingWrongAndUnknownKeys) {
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
    EXPECT_THAT(message([&] { fields.format(1); }), HasSubstr("format 2 is not supported"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.text("gone")); }), HasSubstr("key 'gone' is missing"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.integer("n", 0, 6)); }), HasSubstr("from 0 to 6"));
    EXPECT_THAT(message([&] { static_cast<void>(fields.text("s", 3)); }), HasSubstr("longer than 3"));
    EXPECT_THAT(message([&] { fields.closed(); }), HasSubstr("unknown key 'extra'"));
    EXPECT_EQ(fields.integer("n", 0, 7), 7);
    EXPECT_EQ(fields.integer_or("none", 5, 0, 9), 5);
}

}  // namespace
}  // namespace riverlight
