// The door for texts from outside.
#include "content/base/plain_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "content/base/json.hpp"

namespace riverlight {
namespace {

const std::string khmer = "\xE1\x9E\x81";  // one letter of three bytes
const std::string unknown = "\xEF\xBF\xBD";

rc::Gen<std::string> any_bytes() {
    const auto piece = rc::gen::oneOf(
        rc::gen::arbitrary<std::string>(),
        rc::gen::elementOf(std::vector<std::string>{khmer, khmer.substr(0, 2), "\xC2\x85", "\n",
                                                    "\xF0\x9F\x98\x80", "\xED\xA0\x80", "\""}));
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const auto& one : pieces) all += one;
        return all;
    });
}

TEST(PlainText, PlainTextStaysAsItIs) {
    for (const std::string text : {"", "ការងារ — งาน", "a \"quoted\" <word> \\ &", "\xF0\x9F\x98\x80"}) {
        EXPECT_TRUE(is_plain_text(text));
        EXPECT_EQ(plain_text(text), text);
    }
}

TEST(PlainText, case_79_ControlCharactersBecomeSpaces) {
    EXPECT_EQ(plain_text(std::string("a\0b\nc\td\x1b[31m\x7f", 13)), "a b c d [31m ");
    EXPECT_EQ(plain_text("next\xC2\x85line"), "next line") << "U+0085 is one, too";
    EXPECT_EQ(plain_text("a\xC2\xA0z"), "a\xC2\xA0z") << "U+00A0 is none";
}

TEST(PlainText, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
    EXPECT_EQ(plain_text("caf\xe9!"), "caf" + unknown + "!");
    for (const std::string bad :
         {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\x80"}) {
        EXPECT_FALSE(is_utf8(bad + "."));
        EXPECT_TRUE(is_plain_text(plain_text(bad + "."))) << "overlong, surrogate, too large";
    }
    EXPECT_EQ(plain_text(khmer.substr(0, 2) + "x"), unknown + "x");
}

TEST(PlainText, IsCutAtACharactersEnd) {
    for (std::size_t bytes = 0; bytes <= khmer.size(); ++bytes)
        EXPECT_EQ(plain_text("cut" + khmer.substr(0, bytes)), bytes == khmer.size() ? "cut" + khmer : "cut");
    EXPECT_EQ(plain_text(khmer + khmer, 5), khmer);
    EXPECT_EQ(plain_text("caf\xe9", 4), "caf") << "nor is a replacement cut";
    EXPECT_EQ(plain_text("abc", 0), "");
}

TEST(PlainText, AnyBytesBecomePlainAndStaySo) {
    EXPECT_TRUE(rc::check("any bytes", [] {
        const auto bytes = *any_bytes();
        const auto longest = *rc::gen::inRange<std::size_t>(0, bytes.size() + 3);
        const auto text = plain_text(bytes, longest);
        RC_ASSERT(text.size() <= longest);
        RC_ASSERT(is_plain_text(text));
        RC_ASSERT(plain_text(text, longest) == text);
        RC_ASSERT(parse_json(canonical_json(boost::json::value(text)), "x") == boost::json::value(text));
        if (is_plain_text(bytes)) RC_ASSERT(plain_text(bytes) == bytes);
    }));
}

TEST(PlainText, EveryStringAndKeyOfAValue) {
    boost::json::value value{
        {"a\nb", boost::json::array{"x\ty", 7, nullptr}}, {"a b", "second"}, {"c", "\xff"}};
    make_plain(value);
    EXPECT_EQ(value, (boost::json::value{{"a b", boost::json::array{"x y", 7, nullptr}}, {"c", unknown}}));
}

}  // namespace
}  // namespace riverlight
