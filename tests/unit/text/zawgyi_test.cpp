#include "player/text/zawgyi.hpp"

#include <gtest/gtest.h>

#include "player/text/engine.hpp"
#include "tests/unit/text/samples.hpp"

namespace riverlight::player {
namespace {

// The same words in both encodings: "Myanmar", "thank you".
struct Pair {
    std::string zawgyi, unicode;
};
const std::vector<Pair> pairs{
    {"\u103b\u1019\u1014\u1039\u1019\u102c", "မြန်မာ"},
    {"\u1031\u1000\u103a\u1038\u1007\u1030\u1038\u1010\u1004\u1039\u1015\u102b\u1010\u101a\u1039",
     "ကျေးဇူးတင်ပါတယ်"}};

TEST(Zawgyi, IsDetectedAndConverted) {
    for (const auto& [zawgyi, unicode] : pairs) {
        EXPECT_EQ(myanmar_encoding(zawgyi), MyanmarEncoding::zawgyi) << zawgyi;
        EXPECT_EQ(zawgyi_to_unicode(zawgyi), unicode);
        EXPECT_EQ(myanmar_encoding(unicode), MyanmarEncoding::unicode) << unicode;
    }
}

TEST(Zawgyi, UnicodeIsNotMistakenForIt) {
    // Every paragraph of every test language.
    for (const auto& [locale, paragraphs] : samples())
        for (const auto& text : paragraphs)
            EXPECT_EQ(myanmar_encoding(text), MyanmarEncoding::unicode) << locale << ": " << text;
    const std::string others[] = {"ပှၤကိးဂၤဒဲးလၢအအိၣ်ဖျဲၣ်ထီၣ်",                // S'gaw Karen
                                  "နမော တဿ ဘဂဝတော အရဟတော သမ္မာသမ္ဗုဒ္ဓဿ",  // Pali
                                  "ဗုဒ္ဓံ သရဏံ ဂစ္ဆာမိ ဓမ္မံ သရဏံ ဂစ္ဆာမိ",       // Pali
                                  "အင်္ဂလိပ် သင်္ကြန် မင်္ဂလာပါ",               // kinzi
                                  "ယောက်ျား",
                                  "ဩဂုတ်",
                                  "၎င်း",
                                  "ဿ",
                                  "က္က",
                                  "ၵႂၢမ်းတႆး",  // unusual words
                                  "No Burmese at all",
                                  ""};
    for (const auto& text : others) EXPECT_EQ(myanmar_encoding(text), MyanmarEncoding::unicode) << text;
}

TEST(Zawgyi, ATypingErrorIsNotZawgyi) {
    EXPECT_EQ(myanmar_encoding("ကျေးဇူးတင်ပါတယ်။ ေကာင်းသောနေ့ဖြစ်ပါစေ။ ကောင်းပါပြီ။ ရောက်ပါပြီ။"),
              MyanmarEncoding::unicode);
}

TEST(Zawgyi, BothEncodingsInOneTextAreMixed) {
    EXPECT_EQ(myanmar_encoding(pairs[1].zawgyi + "။ " + pairs[1].unicode + "။ ကောင်းပါပြီ။ ဖြစ်ပါစေ့်။ " +
                               pairs[0].zawgyi),
              MyanmarEncoding::mixed);
}

TEST(Zawgyi, IsShownAsUnicode) {
    const TextEngine engine(640, 360);
    TextReport report;
    static_cast<void>(engine.subtitle(pairs[1].zawgyi, "my", 0, &report));
    ASSERT_EQ(report.lines.size(), 1U);
    EXPECT_EQ(report.lines[0], pairs[1].unicode);
}

}  // namespace
}  // namespace riverlight::player
