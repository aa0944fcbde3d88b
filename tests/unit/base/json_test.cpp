#include "content/base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <utility>
#include <vector>

#include "content/base/canonical_object.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight {
namespace {

using test::Refuses;
using testing::AllOf;

/// What reading `text` is refused with; none if it is accepted.
std::optional<ReadError> refusal(std::string_view text, const JsonLimits& limits = {}) {
    return test::unread([&] { static_cast<void>(parse_json(text, "thing.json", limits)); });
}

TEST(Json, DuplicateKeysAreRefusedAtEveryDepth) {
    EXPECT_THAT(refusal(R"({"a":1,"b":2,"a":3})"), Refuses(ReadFault::duplicate, "a"));
    EXPECT_THAT(refusal(R"([{"x":{"k":1,"k":1}}])"), Refuses(ReadFault::duplicate, "k"));
    EXPECT_THAT(refusal(R"({"\u0061":1,"a":2})"), Refuses(ReadFault::duplicate, "a"));
    EXPECT_FALSE(refusal(R"([{"a":1},{"a":1}])"));
}

TEST(Json, DepthSizeCountAndNumbersAreBounded) {
    const auto too_large = Refuses(ReadFault::too_large, "");
    EXPECT_THAT(refusal(std::string(100'000, '[')), too_large);
    EXPECT_THAT(refusal(std::string(33, '[') + std::string(33, ']')), too_large);
    EXPECT_FALSE(refusal(std::string(32, '[') + std::string(32, ']')));
    EXPECT_THAT(refusal("[1,2,3]", {.bytes = 6}), too_large);
    EXPECT_FALSE(refusal("[1,2,3]", {.bytes = 7}));
    EXPECT_THAT(refusal("[1,2,3]", {.values = 3}), too_large);
    EXPECT_FALSE(refusal("[1,2,3]", {.values = 4}));
    EXPECT_THAT(refusal("[123456789012345678901234567890]"), Refuses(ReadFault::out_of_range, ""));
    EXPECT_THAT(refusal("[" + std::string(5000, '9') + "]"), Refuses(ReadFault::out_of_range, ""));
    EXPECT_FALSE(refusal("[18446744073709551615,-9223372036854775808,1.5]"));
}

TEST(Json, TrailingBytesCommentsAndBadUtf8AreRefused) {
    for (const std::string text :
         {"", "{}x", "{} {}", "[1,]", "/*c*/{}", "{'a':1}", "[\"\xff\"]", "[01]", "nul", "{\"a\":1"}) {
        EXPECT_THAT(refusal(text), AllOf(Refuses(ReadFault::syntax, ""), test::Of("thing.json"))) << text;
    }
    EXPECT_FALSE(refusal(" {} \n"));
}

TEST(Json, CanonicalFormSortsKeysAndEscapesOnlyTwoCharacters) {
    const auto value = parse_json(R"({"b":[true,null,-1],"a":{"z":"q\"\\\n","y":"ខ"}})", "x");
    EXPECT_EQ(tuf_canonical_json(value), "{\"a\":{\"y\":\"ខ\",\"z\":\"q\\\"\\\\\n\"},\"b\":[true,null,-1]}");
    EXPECT_THROW(static_cast<void>(tuf_canonical_json(boost::json::value(1.5))), Error);
}

boost::json::value nested(int depth) {
    boost::json::value value(7);
    for (int n = 0; n < depth; ++n) value = boost::json::array{value};
    return value;
}

TEST(Json, CanonicalFormRefusesWhatDoesNotReadBack) {
    using boost::json::value;
    constexpr std::int64_t most = std::int64_t{1} << 53;
    for (const auto& bad :
         {value("two\nlines"), value(boost::json::string("a\0b", 3)), value("caf\xe9"), value("\xe1\x9e"),
          value("\xed\xa0\x80"), value(most + 1), value(-most - 1),
          value(std::numeric_limits<std::uint64_t>::max()), value(1.5), nested(33),
          value(boost::json::object{{"two\nlines", 1}}), value(boost::json::array{"a", "\x1b[1m"})})
        EXPECT_THROW(static_cast<void>(canonical_json(bad)), Error) << boost::json::serialize(bad);
    for (const auto& good : {value("ការងារ \x7f"), value(most), value(-most), nested(32)})
        EXPECT_EQ(parse_json(canonical_json(good), "x"), good);
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

TEST(CanonicalObject, IsWhatCanonicalJsonMakesOfTheSameMembers) {
    const std::map<std::string, std::string> texts{{"a\"b", "\\"}, {"Ngày", "mới"}};
    CanonicalObject object;
    object.add("a", "x\\\"y");
    object.add("b", -(std::int64_t{1} << 53));
    object.add_texts("c", texts);
    object.add_texts("d", std::map<std::string, std::string>());
    object.add_null("e");
    boost::json::object same{
        {"e", nullptr}, {"d", boost::json::object()}, {"b", -(std::int64_t{1} << 53)}, {"a", "x\\\"y"}};
    auto& inner = same["c"].emplace_object();
    for (const auto& [key, text] : texts) inner[key] = text;
    EXPECT_EQ(std::move(object).text(), canonical_json(same));
    EXPECT_EQ(CanonicalObject().text(), "{}");
}

TEST(CanonicalObject, RefusesWhatDoesNotReadBack) {
    CanonicalObject object;
    EXPECT_THROW(object.add("a", "line\nbreak"), Error);
    EXPECT_THROW(object.add("a", "\xff"), Error);
    EXPECT_THROW(object.add("a", (std::int64_t{1} << 53) + 1), Error);
    EXPECT_THROW(object.add_texts("a", std::map<std::string, std::string>{{"k\t", ""}}), Error);
    EXPECT_THROW(object.add_texts("a", std::map<std::string, std::string>{{"k", "\x01"}}), Error);
}

TEST(Json, OnePassGivesTheCanonicalFormAndStreamsTheMembers) {
    const std::string text =
        R"({"sig":[1.5,{"z":1,"a":2}],"a":{"x":[{"q":1,"p":[]},"\u0041\"\\\n"],"b":{"k2":{"n":{"y":-1,"x":"é"}},)"
        R"("k1":[true,null],"":18446744073709551615},"A":{}},"t":{"b":{"no":1}}})";
    const auto read = read_with("a", text);
    EXPECT_EQ(read.document.canonical, tuf_canonical_json(parse_json(text, "x").at("a")));
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
    EXPECT_EQ(read_with("a", text).document.canonical, tuf_canonical_json(parse_json(text, "x").at("a")));
    EXPECT_THAT(refusal(R"({"x":{"\"":1,"a":2,"\u0022":3}})"), Refuses(ReadFault::duplicate, "\\\""));
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
        RC_ASSERT(read.canonical == tuf_canonical_json(document.at("signed")));
    }));
}

TEST(Json, CanonicalFormReadsBackOrIsRefusedForAnyDocument) {
    EXPECT_TRUE(rc::check("canonical reads back", [] {
        const auto value = *any_json(2);
        std::string text;
        try {
            text = canonical_json(value);
        } catch (const Error&) {
            return;
        }
        RC_ASSERT(parse_json(text, "x") == value);
    }));
}

TEST(Json, PrettyFormReadsBackEqual) {
    const auto value = parse_json(R"({"b":[1,{"c":[]}],"a":{},"t":"x"})", "x");
    EXPECT_EQ(parse_json(pretty_json(value), "again"), value);
}

TEST(JsonFields, RefuseMissingWrongAndUnknownKeys) {
    const auto value = parse_json(R"({"format":2,"n":7,"s":"text","extra":1})", "x");
    JsonFields fields(value, Where("file.json").in("places.one", "place one"));
    const auto refusal = [&](auto&& read) { return test::unread([&] { static_cast<void>(read(fields)); }); };
    EXPECT_THAT(refusal([](auto& f) { return f.format(1), 0; }),
                AllOf(Refuses(ReadFault::unsupported, "places.one.format"), test::Of("file.json")));
    EXPECT_THAT(refusal([](auto& f) { return f.text("gone"); }),
                Refuses(ReadFault::missing, "places.one.gone"));
    EXPECT_THAT(refusal([](auto& f) { return f.integer("n", 0, 6); }),
                Refuses(ReadFault::out_of_range, "places.one.n"));
    EXPECT_THAT(refusal([](auto& f) { return f.text("s", 3); }),
                Refuses(ReadFault::too_large, "places.one.s"));
    EXPECT_THAT(refusal([](auto& f) { return f.closed(), 0; }),
                Refuses(ReadFault::unknown, "places.one.extra"));
    for (const auto& wrong : {refusal([](auto& f) { return f.text("n"); }),
                              refusal([](auto& f) { return f.boolean_or("n", true); })})
        EXPECT_THAT(wrong, Refuses(ReadFault::wrong_type, "places.one.n"));
    for (const auto& wrong : {refusal([](auto& f) { return f.integer("s", 0, 6); }),
                              refusal([](auto& f) { return f.number_or("s", 0); }),
                              refusal([](auto& f) { return f.object("s").size(); }),
                              refusal([](auto& f) { return f.array("s").size(); }),
                              refusal([](auto& f) { return f.texts_or_none("s").size(); })})
        EXPECT_THAT(wrong, Refuses(ReadFault::wrong_type, "places.one.s"));
    EXPECT_EQ(fields.integer("n", 0, 7), 7);
    EXPECT_EQ(fields.integer_or("none", 5, 0, 9), 5);
}

TEST(JsonFields, ARefusalReadsAsWhereAndWhy) {
    const auto value = parse_json(R"({"n":7})", "x");
    JsonFields fields(value, Where("file.json").in("places.one", "place one"));
    const auto refusal = test::unread([&] { static_cast<void>(fields.integer("n", 0, 6)); });
    ASSERT_TRUE(refusal);
    EXPECT_STREQ(refusal->what(), "file.json: place one: 'n' must be an integer from 0 to 6");
}

}  // namespace
}  // namespace riverlight
