// Texts that are not UTF-8: the encoding that is suggested is the right one, or
// none is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "player/text/legacy_encoding.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// By the C library, whose iconv the suggested command runs. Nothing where a
/// character has no bytes there.
std::optional<std::string> converted(const std::string& text, const std::string& to,
                                     const std::string& from) {
    struct Close {
        void operator()(void* converter) const { iconv_close(converter); }
    };
    const std::unique_ptr<void, Close> converter(iconv_open(to.c_str(), from.c_str()));
    std::string in = text, out(text.size() * 6 + 16, '\0');
    char *read = in.data(), *write = out.data();
    std::size_t left = in.size(), room = out.size();
    if (iconv(converter.get(), &read, &left, &write, &room) == static_cast<std::size_t>(-1) ||
        iconv(converter.get(), nullptr, nullptr, &write, &room) == static_cast<std::size_t>(-1))
        return {};
    out.resize(out.size() - room);
    return out;
}

/// The Universal Declaration of Human Rights, the beginnings of articles 1 and
/// 4, and what a campaign says.
const std::string russian =
    "Все люди рождаются свободными и равными в своём достоинстве и правах. "
    "Никто не должен содержаться в "
    "рабстве или в подневольном состоянии. Звоните нам бесплатно";
const std::string ukrainian =
    "Всі люди народжуються вільними і рівними у своїй гідності та правах. "
    "Ніхто не повинен бути в рабстві";
const std::string korean =
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 "
    "권리에 있어 동등하다. 어느 누구도 노예상태 또는 "
    "예속상태에 "
    "놓여지지 아니한다. 도움이 필요하면 전화하세요";
const std::string japanese =
    "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等"
    "である。何人も、奴隷にされ、又"
    "は"
    "苦役に服することはない。無料ホットラインに電話してください";
const std::string simplified =
    "人人生而自由，在尊严和权利上一律平等。任何人不得使为奴隶或奴役；一切形式的"
    "奴隶制度和奴隶买卖，均应予以禁"
    "止。"
    "请拨打免费热线电话";
const std::string traditional =
    "人人生而自由，在尊嚴和權利上一律平等。任何人不得使為奴隸或奴役；一切形式的"
    "奴隸制度和奴隸買賣，均應予以禁"
    "止。"
    "請撥打免費熱線電話";
const std::string thai =
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ "
    "บุคคลใด ๆ จะถูกยึดเป็นทาส หรือให้ตกอยู่ในภาวะจำยอมไม่ได้";
const std::string vietnamese =
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và "
    "quyền. Không ai bị bắt làm nô lệ "
    "hoặc bị cưỡng bức làm việc như nô lệ. Hãy gọi đường dây nóng miễn phí";
const std::string french =
    "Tous les êtres humains naissent libres et égaux en dignité et en droits. "
    "Nul ne sera tenu en esclavage "
    "ni en servitude; appelez gratuitement le numéro ci-dessous, où que vous "
    "soyez";
const std::string german =
    "Alle Menschen sind frei und gleich an Würde und "
    "Rechten geboren. Niemand darf in Sklaverei oder "
    "Leibeigenschaft gehalten werden; rufen Sie uns "
    "kostenlos an, wir können für Sie da sein";
const std::string spanish =
    "Todos los seres humanos nacen libres e iguales en "
    "dignidad y derechos. Nadie estará sometido a "
    "esclavitud ni a servidumbre. Llame mañana a la "
    "línea gratuita, ¿necesita ayuda?";
const std::string icelandic =
    "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum. Engan "
    "mann skal hneppa í þrældóm";
const std::string polish =
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych "
    "praw. Nikt nie może być "
    "trzymany w niewolnictwie lub w poddaństwie. Zadzwoń, połączenie jest "
    "bezpłatne";
const std::string czech =
    "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. "
    "Nikdo nesmí být držen v otroctví";
const std::string turkish =
    "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Hiç "
    "kimse kölelik veya kulluk altında "
    "bulundurulamaz; ücretsiz yardım hattını arayın, çağrınız gizlidir";
const std::string greek =
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι "
    "στην αξιοπρέπεια και τα δικαιώματα. Κανείς δεν "
    "επιτρέπεται "
    "να ζει υπό καθεστώς δουλείας";
const std::string hebrew =
    "כל בני אדם נולדו בני חורין ושווים בערכם "
    "ובזכויותיהם. לא יוחזק אדם בעבדות או בשעבוד";
const std::string arabic =
    "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. "
    "لا يجوز استرقاق أو استعباد أي شخص، ويحظر الاسترقاق";

/// As windows-1258 writes it: the tones are marks behind their vowels.
std::string with_marks_of_tones(std::string text) {
    static const std::vector<std::pair<std::string, std::string>> parts = [] {
        std::vector<std::pair<std::string, std::string>> out;
        const std::vector<std::string> plain{"a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"};
        const std::vector<std::string> tones{"\u0300", "\u0309", "\u0303", "\u0301", "\u0323"};
        const std::vector<std::string> composed{"àảãáạ", "ằẳẵắặ", "ầẩẫấậ", "èẻẽéẹ", "ềểễếệ", "ìỉĩíị",
                                                "òỏõóọ", "ồổỗốộ", "ờởỡớợ", "ùủũúụ", "ừửữứự", "ỳỷỹýỵ"};
        for (std::size_t i = 0; i < plain.size(); ++i) {
            const auto letters = code_points(composed[i]);
            for (std::size_t k = 0; k < letters.size(); ++k)
                out.emplace_back(to_utf8(letters[k]), plain[i] + tones[k]);
        }
        return out;
    }();
    for (const auto& [letter, marked] : parts)
        for (auto at = text.find(letter); at != std::string::npos; at = text.find(letter))
            text.replace(at, letter.size(), marked);
    return text;
}

struct Written {
    const char* language;
    std::string text;
    const char* encoding;
};
const std::vector<Written>& texts() {
    static const std::vector<Written> all{{"Russian", russian, "windows-1251"},
                                          {"Russian", russian, "KOI8-R"},
                                          {"Russian", russian, "ISO-8859-5"},
                                          {"Russian", russian, "IBM866"},
                                          {"Ukrainian", ukrainian, "windows-1251"},
                                          {"Korean", korean, "EUC-KR"},
                                          {"Korean", korean + " 됬어요 햏", "CP949"},
                                          {"Japanese", japanese, "Shift_JIS"},
                                          {"Japanese", japanese + " ①②ヵ所", "CP932"},
                                          {"Japanese", japanese, "EUC-JP"},
                                          {"Chinese", simplified, "GBK"},
                                          {"Chinese", simplified, "GB18030"},
                                          {"Chinese", traditional, "Big5"},
                                          {"Cantonese", traditional + "嘅喺咗啲佢哋", "Big5-HKSCS"},
                                          {"Thai", thai, "TIS-620"},
                                          {"Thai", thai, "windows-874"},
                                          {"Vietnamese", with_marks_of_tones(vietnamese), "windows-1258"},
                                          {"Vietnamese", vietnamese, "TCVN-5712"},
                                          {"Vietnamese", vietnamese, "VISCII"},
                                          {"French", french, "ISO-8859-1"},
                                          {"French", "«\u00a0" + french + "…\u00a0» – œuvre", "windows-1252"},
                                          {"German", german, "ISO-8859-1"},
                                          {"Spanish", spanish, "ISO-8859-1"},
                                          {"Icelandic", icelandic, "ISO-8859-1"},
                                          {"Polish", polish, "windows-1250"},
                                          {"Polish", polish, "ISO-8859-2"},
                                          {"Czech", czech, "windows-1250"},
                                          {"Turkish", turkish, "windows-1254"},
                                          {"Greek", greek, "windows-1253"},
                                          {"Hebrew", hebrew, "windows-1255"},
                                          {"Arabic", arabic, "windows-1256"}};
    return all;
}

/// `text` as the suggested command converts it; nothing where none is
/// suggested.
std::optional<std::string> suggested(const std::string& bytes) {
    const auto encoding = probable_encoding(bytes);
    if (encoding.empty()) return {};
    return converted(bytes, "UTF-8", encoding).value_or("cannot be converted from " + encoding);
}

TEST(Encodings, OfASentenceOrTwoAreKnown) {
    for (const auto& [language, text, encoding] : texts()) {
        const auto bytes = converted(text, encoding, "UTF-8");
        ASSERT_TRUE(bytes) << language << ' ' << encoding;
        const auto read = suggested(*bytes);
        // windows-1258 in the C library puts letters and tones together again.
        EXPECT_EQ(read && with_marks_of_tones(*read) == with_marks_of_tones(text), true)
            << language << ' ' << encoding << ": " << read.value_or("nothing") << " by "
            << probable_encoding(*bytes);
    }
}

// However few words there are: a wrong encoding is never called probable.
TEST(Encodings, OfAFewWordsAreRightOrNotSuggested) {
    std::size_t known = 0, all = 0;
    for (const auto& [language, text, encoding] : texts()) {
        std::vector<std::string> words{""};
        for (const char c : text) {
            words.back() += c;
            if (c == ' ' || words.back().ends_with("，") || words.back().ends_with("。") ||
                words.back().ends_with("、"))
                words.emplace_back();
        }
        for (std::size_t first = 0; first < words.size(); ++first) {
            std::string some;
            for (std::size_t i = first; i < words.size() && i < first + 5; ++i) {
                some += words[i];
                const auto bytes =
                    converted("1\n00:00:01,000 --> 00:00:04,000\n" + some + '\n', encoding, "UTF-8");
                ASSERT_TRUE(bytes);
                if (is_utf8(*bytes)) continue;
                ++all;
                const auto read = suggested(*bytes);
                if (!read) continue;
                ++known;
                EXPECT_THAT(with_marks_of_tones(*read), HasSubstr(with_marks_of_tones(some)))
                    << language << ' ' << encoding << " by " << probable_encoding(*bytes);
            }
        }
    }
    EXPECT_GT(known * 4, all * 3) << known << " of " << all;
}

// VNI writes a mark as a byte behind its vowel. iconv does not know it.
TEST(Encodings, VniIsNamedAndNotConverted) {
    const std::string vni =
        "T\xE1t ca\xFB mo\xEFi ng\xF6\xF4\xF8i sinh ra \xF1\x65\xE0u "
        "\xF1\xF6\xF4\xEF"
        "c t\xF6\xEF do. Kho\xE2ng ai b\xF2 ba\xE9t la\xF8m no\xE2 le\xE4";
    EXPECT_EQ(probable_encoding(vni), "VNI");
    EXPECT_THAT(conversion_of(vni, "vi.srt"), AllOf(HasSubstr("VNI"), Not(HasSubstr("iconv -f"))));
}

TEST(Encodings, OfDamagedUtf8NoneIsSuggested) {
    for (const auto& text : {russian, korean, simplified, thai, vietnamese, french + french}) {
        auto bytes = "1\n00:00:01,000 --> 00:00:04,000\n" + text + '\n';
        // Cut off within a letter, as by a program that counts bytes.
        const auto last = std::find_if(bytes.rbegin(), bytes.rend(), [](char c) { return c < 0; });
        bytes.erase(bytes.end() - (last - bytes.rbegin()) - 1);
        ASSERT_FALSE(is_utf8(bytes));
        EXPECT_EQ(probable_encoding(bytes), "") << text;
        EXPECT_THAT(conversion_of(bytes, "x.srt"), AllOf(HasSubstr("line 3"), Not(HasSubstr("iconv"))));
    }
}

TEST(Encodings, OfOtherBytesNoneIsSuggested) {
    std::string bytes;
    std::uint32_t state = 1;
    for (int i = 0; i < 4000; ++i) {
        state = state * 1664525 + 1013904223;
        bytes += static_cast<char>(state >> 24);
        if (i % 40 != 39) continue;
        EXPECT_EQ(probable_encoding(bytes), "") << i;
    }
}

}  // namespace
}  // namespace riverlight::player
