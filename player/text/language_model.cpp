#include "player/text/language_model.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

namespace riverlight::player {
namespace {

constexpr double foreign_share = 1e-5;

/// Characters of a language that are about equally common.
struct Group {
    std::u16string_view letters;  ///< each of them; empty: those from `first` to `last`
    double share = 0;             ///< of the language's characters that are not ASCII
    char16_t first = 0, last = 0;
    int usual = 0;  ///< how many of a range are in use

    [[nodiscard]] bool has(char16_t c) const {
        return letters.empty() ? c >= first && c <= last : letters.find(c) != std::u16string_view::npos;
    }
    [[nodiscard]] double size() const {
        return letters.empty() ? static_cast<double>(usual) : static_cast<double>(letters.size());
    }
};

/// What may stand beside a letter.
enum class LetterNeighbours {
    latin,       ///< stands among ASCII letters, mostly alone
    vietnamese,  ///< stands among ASCII letters, also in pairs; tones are marks behind vowels
    own          ///< a script of its own
};

struct Model {
    LetterNeighbours neighbours;
    std::span<const Group> groups;  ///< a character is of the first that has it
};

constexpr Group quotes{u"\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00ab\u00bb\u00a0\u2022\u201e", 0.08};
constexpr Group wide{u"，。、！？：；（）“”‘’《》「」『』—…·　０１２３４５６７８９－～", 0.14};

// The commonest characters of each, from those of newspapers and from what campaigns against forced labour
// and trafficking say.
constexpr std::u16string_view simplified =
    u"的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所"
    u"去"
    u"行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从电话拨"
    u"打"
    u"热线帮助免费请工作任何受奴隶禁止买卖救报警被让给孩女儿妈爸她护照钱老板把别安全权利应予平等自由形式制度"
    u"役得"
    u"些现实种动名问点高关系间体样民外部本位文";
constexpr std::u16string_view traditional =
    u"的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡所"
    u"去"
    u"行過家十用發天如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從電話撥"
    u"打"
    u"熱線幫助免費請工作任何受奴隸禁止買賣救報警被讓給孩女兒媽爸她護照錢老闆把別安全權利應予平等自由形式制度"
    u"役"
    u"些現實動名問點高關係間體樣民外部本位文";
constexpr std::u16string_view syllables =
    u"이다는에의을가하고지로한사기를인은도아나그서어리대자시해정수보전일여부게들있과상으면장제주만니라성것구"
    u"조세동"
    u"안요원없않된되권모든누노예또거래금신화무료움습까저네연오유경계국민비스마내적관말당할때공방관선식심중받"
    u"우위소간"
    u"녕미분용입회의려같운트생각던후현";
constexpr std::u16string_view kana =
    u"のにはをたがでてとしれさあるいもなすらりこまくだけつよかきんえわうそっ";

constexpr std::array western_groups{Group{u"éèàêçüöäßñóíáãõâôåæøïîûù", 0.76}, quotes,
                                    Group{u"úëìòœÉÀÖÜÄÇÅÆØÑÓÁÍÈÊ", 0.11}, Group{u"¿¡°€£", 0.04},
                                    Group{u"ýÿÕÃÔÚŒÂÎ½²³ºª±×§©®", 0.01}};
constexpr std::array icelandic_groups{Group{u"áéíóúýþæðö", 0.9}, quotes, Group{u"ÁÉÍÓÚÝÞÆÐÖ", 0.06}};
constexpr std::array polish_groups{Group{u"ąćęłńóśźż", 0.9}, quotes, Group{u"ĄĆĘŁŃÓŚŹŻ", 0.05}};
constexpr std::array czech_groups{Group{u"áčéěířšúůýž", 0.88}, quotes, Group{u"ďňťóľôäĺŕ", 0.04},
                                  Group{u"ÁČĎÉĚÍŇŘŠŤÚŮÝŽĽ", 0.06}};
constexpr std::array hungarian_groups{Group{u"áéíóöőúüű", 0.9}, quotes, Group{u"ÁÉÍÓÖŐÚÜŰ", 0.06}};
constexpr std::array romanian_groups{Group{u"ăâîşţ", 0.9}, quotes, Group{u"ĂÂÎŞŢ", 0.06}};
constexpr std::array turkish_groups{Group{u"ışğüöç", 0.84}, quotes, Group{u"İŞÇÖÜĞ", 0.07},
                                    Group{u"âîû°€", 0.01}};
constexpr std::array baltic_groups{Group{u"āēīūšžčģķļņąęėįųõäöü", 0.86}, quotes,
                                   Group{u"ĀĒĪŪŠŽČĢĶĻŅĄĘĖĮŲÕÄÖÜ", 0.06}};
constexpr std::array vietnamese_groups{
    Group{u"\u0300\u0301\u0303\u0309\u0323", 0.37},
    Group{u"\u0302\u0306\u031b", 0.12},
    Group{u"đăâêôơưàáèéìíòóùúạảấầậệếềểộốồổớờợởứừựữịọụủẻẽễỉĩỏõũýỳ", 0.4},
    Group{u"ãẳẵằắặẩẫẹỗỡửỷỹỵĂÂÊÔƠƯĐÀÁẠẢẤẦẬẾỀỆỐỒỘỚỜỢỨỪỰỊỌỤỦÍÌÓÒÚÙÝÃẼĨÕŨỎỈẺ", 0.06},
    Group{quotes.letters, 0.04},
    Group{u"ẲẴẰẮẶẨẪẸẺỂỄÈÉỐỔỖỠỞỬỮỲỶỸỴ₫°", 0.01}};
constexpr std::array thai_groups{Group{u"านรอกเงมยลวดทตสะปบคหแจพชขใไโ่้ัิีุู์็ื", 0.84}, Group{u"๐๑๒๓๔๕๖๗๘๙", 0.06},
                                 Group{{}, 0.11, u'\u0e01', u'\u0e4e', 40}, Group{quotes.letters, 0.02},
                                 Group{u"฿ฯๆ๏๚๛", 0.001}};
constexpr std::array chinese_simplified_groups{Group{simplified, 0.46}, wide,
                                               Group{{}, 0.39, u'\u4e00', u'\u9fa5', 6000}};
constexpr std::array chinese_traditional_groups{Group{traditional, 0.46}, wide,
                                                Group{{}, 0.39, u'\u4e00', u'\u9fa5', 6000}};
constexpr std::array japanese_groups{Group{kana, 0.48},
                                     Group{u"。、「」ー・！？　（）…～『』", 0.08},
                                     Group{{}, 0.06, u'\u3041', u'\u3096', 80},
                                     Group{{}, 0.1, u'\u30a1', u'\u30fc', 85},
                                     Group{{}, 0.26, u'\u4e00', u'\u9fa5', 3000},
                                     Group{{}, 0.01, u'\uff01', u'\uff5e', 94},
                                     Group{{}, 0.003, u'\uff61', u'\uff9f', 63}};
constexpr std::array korean_groups{Group{syllables, 0.68}, Group{{}, 0.28, u'\uac00', u'\ud7a3', 2350}, wide,
                                   Group{{}, 0.003, u'\u4e00', u'\u9fa5', 4888},
                                   Group{{}, 0.001, u'\u3131', u'\u318e', 94}};
constexpr std::array cyrillic_groups{Group{u"оеаинтсрвлкмдпуяыьбгзч", 0.86},
                                     Group{u"йжхшюцщэфъёіїєґўђјљњћџ", 0.07}, quotes,
                                     Group{{}, 0.05, u'\u0400', u'\u042f', 40}, Group{u"№°§", 0.002}};
constexpr std::array greek_groups{Group{u"αοιετσνηυρπκμλςωδγχθβφξζψάέήίόύώ", 0.88}, quotes,
                                  Group{u"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋΐΰ", 0.08}};
constexpr std::array hebrew_groups{Group{u"יוהלאמרתבנשם", 0.72}, Group{{}, 0.2, u'\u05d0', u'\u05ea', 15},
                                   quotes};
constexpr std::array arabic_groups{Group{u"المنيوترهبعدسفقكحجةأإىء", 0.85}, Group{u"،؟؛", 0.03},
                                   Group{{}, 0.08, u'\u0620', u'\u064a', 40}, quotes};

Model model_of(Writing writing) {
    switch (writing) {
        case Writing::western:
            return {LetterNeighbours::latin, western_groups};
        case Writing::icelandic:
            return {LetterNeighbours::latin, icelandic_groups};
        case Writing::polish:
            return {LetterNeighbours::latin, polish_groups};
        case Writing::czech:
            return {LetterNeighbours::latin, czech_groups};
        case Writing::hungarian:
            return {LetterNeighbours::latin, hungarian_groups};
        case Writing::romanian:
            return {LetterNeighbours::latin, romanian_groups};
        case Writing::turkish:
            return {LetterNeighbours::latin, turkish_groups};
        case Writing::baltic:
            return {LetterNeighbours::latin, baltic_groups};
        case Writing::vietnamese:
            return {LetterNeighbours::vietnamese, vietnamese_groups};
        case Writing::thai:
            return {LetterNeighbours::own, thai_groups};
        case Writing::chinese_simplified:
            return {LetterNeighbours::own, chinese_simplified_groups};
        case Writing::chinese_traditional:
            return {LetterNeighbours::own, chinese_traditional_groups};
        case Writing::japanese:
            return {LetterNeighbours::own, japanese_groups};
        case Writing::korean:
            return {LetterNeighbours::own, korean_groups};
        case Writing::cyrillic:
            return {LetterNeighbours::own, cyrillic_groups};
        case Writing::greek:
            return {LetterNeighbours::own, greek_groups};
        case Writing::hebrew:
            return {LetterNeighbours::own, hebrew_groups};
        case Writing::arabic:
            return {LetterNeighbours::own, arabic_groups};
    }
    return {LetterNeighbours::latin, {}};
}

bool is_ascii_letter(char16_t c) {
    return c < 0x80 && u_isalpha(c);
}

/// The logarithm of how probable an ASCII character is, the same in all languages. The second byte of some
/// encodings' characters is one.
double log_of_ascii(char16_t c) {
    if (c == u'\n' || c == u'\r' || c == u'\t' || (c >= u' ' && c <= u'?') || (c >= u'a' && c <= u'z'))
        return -3.3;
    return c >= u'A' && c <= u'Z' ? -4.5 : -8;
}

bool is_final_of_hebrew(char16_t c) {
    constexpr std::u16string_view finals = u"ךםןףץ";
    return finals.find(c) != std::u16string_view::npos;
}
bool is_thai_above(char16_t c) {
    return c == u'\u0e31' || (c >= u'\u0e34' && c <= u'\u0e3a') || (c >= u'\u0e47' && c <= u'\u0e4e');
}
bool is_thai_before(char16_t c) {
    return c >= u'\u0e40' && c <= u'\u0e44';
}
bool is_thai_letter(char16_t c) {
    return c >= u'\u0e01' && c <= u'\u0e4e';
}
bool is_thai_digit(char16_t c) {
    return c >= u'\u0e50' && c <= u'\u0e59';
}
bool is_mark(char16_t c) {
    return c >= u'\u0300' && c <= u'\u036f';
}
bool is_vowel(char16_t c) {
    constexpr std::u16string_view vowels = u"aeiouyAEIOUYâêôăơưÂÊÔĂƠƯ";
    return vowels.find(c) != std::u16string_view::npos;
}

/// A letter without its marks, lower case, and whether it bears one of the five tones.
struct PlainLetter {
    char16_t letter = 0;
    bool has_tone = false;
};
bool is_tone(char16_t c) {
    constexpr std::u16string_view tones = u"\u0300\u0301\u0303\u0309\u0323";
    return tones.find(c) != std::u16string_view::npos;
}
PlainLetter plain(char16_t c) {
    if (c == u'đ' || c == u'Đ') return {u'd', false};
    UErrorCode error = U_ZERO_ERROR;
    const auto* decomposing = unorm2_getNFDInstance(&error);
    std::array<UChar, 8> parts{};
    PlainLetter out;
    const auto count = c < 0x80 || U_FAILURE(error)
                           ? 0
                           : unorm2_getDecomposition(decomposing, static_cast<UChar32>(c), parts.data(),
                                                     static_cast<std::int32_t>(parts.size()), &error);
    if (count > 0 && U_SUCCESS(error)) {
        c = parts[0];
        out.has_tone = std::any_of(parts.begin(), parts.begin() + count, is_tone);
    }
    out.letter = static_cast<char16_t>(u_tolower(c));
    return out;
}

/// Whether Vietnamese has such a syllable, given without marks: a beginning, vowels, an ending.
bool is_syllable(std::u16string_view word) {
    using Parts = std::u16string_view;
    constexpr std::array beginnings{
        Parts(),      Parts(u"ngh"), Parts(u"ch"), Parts(u"gh"), Parts(u"gi"), Parts(u"kh"), Parts(u"ng"),
        Parts(u"nh"), Parts(u"ph"),  Parts(u"qu"), Parts(u"th"), Parts(u"tr"), Parts(u"b"),  Parts(u"c"),
        Parts(u"d"),  Parts(u"g"),   Parts(u"h"),  Parts(u"k"),  Parts(u"l"),  Parts(u"m"),  Parts(u"n"),
        Parts(u"p"),  Parts(u"r"),   Parts(u"s"),  Parts(u"t"),  Parts(u"v"),  Parts(u"x")};
    constexpr std::array endings{Parts(u"c"), Parts(u"m"),  Parts(u"n"),  Parts(u"p"),
                                 Parts(u"t"), Parts(u"ch"), Parts(u"ng"), Parts(u"nh")};
    // Before an ending, and without one.
    constexpr std::array closed{Parts(u"a"),  Parts(u"e"),  Parts(u"i"),  Parts(u"o"),
                                Parts(u"u"),  Parts(u"y"),  Parts(u"oa"), Parts(u"oe"),
                                Parts(u"oo"), Parts(u"ua"), Parts(u"ue"), Parts(u"ie"),
                                Parts(u"uo"), Parts(u"uy"), Parts(u"ye"), Parts(u"uye")};
    constexpr std::array open{Parts(u"ai"),  Parts(u"ao"),  Parts(u"au"),  Parts(u"ay"),  Parts(u"eo"),
                              Parts(u"eu"),  Parts(u"ia"),  Parts(u"iu"),  Parts(u"oi"),  Parts(u"ui"),
                              Parts(u"uu"),  Parts(u"uya"), Parts(u"uoi"), Parts(u"uou"), Parts(u"ieu"),
                              Parts(u"yeu"), Parts(u"oai"), Parts(u"oay"), Parts(u"oao"), Parts(u"oeo"),
                              Parts(u"uay"), Parts(u"uau"), Parts(u"uyu")};
    constexpr Parts vowels = u"aeiouy";
    const auto has = [](const auto& all, Parts part) {
        return std::find(all.begin(), all.end(), part) != all.end();
    };
    return std::any_of(beginnings.begin(), beginnings.end(), [&](Parts beginning) {
        if (!word.starts_with(beginning)) return false;
        const auto rest = word.substr(beginning.size());
        const auto end = std::min(rest.find_first_not_of(vowels), rest.size());
        const auto nucleus = rest.substr(0, end), ending = rest.substr(end);
        return ending.empty() ? has(closed, nucleus) || has(open, nucleus)
                              : has(closed, nucleus) && has(endings, ending);
    });
}

/// Whether the word around `at` could be Vietnamese, which is written in syllables of at most one tone.
bool is_in_syllable(std::u16string_view text, std::size_t at) {
    constexpr std::size_t longest = 16;  // with marks
    const auto is_part = [&](std::size_t i) { return u_isalpha(text[i]) || is_mark(text[i]); };
    std::size_t from = at, until = at;
    while (from > 0 && is_part(from - 1) && at - from < longest) --from;
    while (until < text.size() && is_part(until) && until - at < longest) ++until;
    std::u16string word;
    int tones = 0;
    for (std::size_t i = from; i < until; ++i) {
        const auto letter = plain(text[i]);
        tones += letter.has_tone || is_tone(text[i]);
        if (!is_mark(text[i])) word += letter.letter;
    }
    return tones <= 1 && is_syllable(word);
}

/// What is improbable of a letter, not ASCII, in its place: the logarithm by which it is so; 0: nothing.
double log_of_place(LetterNeighbours neighbours, std::u16string_view text, std::size_t at) {
    const char16_t before = at > 0 ? text[at - 1] : u' ', c = text[at],
                   behind = at + 1 < text.size() ? text[at + 1] : u' ';
    double log = 0;
    if (u_isupper(c) && u_islower(before)) log -= 4;
    if (u_islower(c) && u_isupper(behind)) log -= 4;
    switch (neighbours) {
        case LetterNeighbours::latin:
            if (!u_isalpha(c)) {
                if (u_isalpha(before) && (c == u'«' || c == u'®')) log -= 2;
                const bool within = u_isalpha(before) && u_isalpha(behind);
                if (within && c != u'\u2019' && c != u'\u2018' && c != u'·') log -= 5;
                break;
            }
            if (c == u'ñ' && !is_vowel(plain(behind).letter)) log -= 4;
            if (c == u'ß' && !is_vowel(plain(before).letter)) log -= 4;
            if (!is_ascii_letter(before) && !is_ascii_letter(behind)) log -= 2;
            if (before >= 0x80 && u_isalpha(before)) log -= 3;
            break;
        case LetterNeighbours::vietnamese:
            if (is_mark(c) && !is_vowel(before) && !is_mark(before)) log -= 8;
            if ((u_isalpha(c) || is_mark(c)) && !is_in_syllable(text, at)) log -= 5;
            if ((c == u'đ' || c == u'Đ') && u_isalpha(before)) log -= 5;  // begins a syllable
            break;
        case LetterNeighbours::own:
            if (is_ascii_letter(before) || is_ascii_letter(behind)) log -= 2.5;
            if (is_thai_above(c) && (!is_thai_letter(before) || is_thai_before(before))) log -= 8;
            if (is_final_of_hebrew(c) && u_isalpha(behind)) log -= 5;
            if (is_thai_digit(c) && (is_thai_letter(before) || is_thai_letter(behind))) log -= 4;
            break;
    }
    return log;
}

}  // namespace

Likelihood likelihood_of(std::u16string_view text, Writing writing) {
    const auto model = model_of(writing);
    Likelihood out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char16_t c = text[i];
        if (c < 0x80) {
            out.log += log_of_ascii(c);
            continue;
        }
        ++out.letters;
        double share = 0;
        for (const auto& group : model.groups) {
            if (!group.has(c)) continue;
            share = group.share / group.size();
            break;
        }
        const auto misplaced = log_of_place(model.neighbours, text, i);
        out.foreign += share == 0 || misplaced <= -4;
        out.log += std::log(share == 0 ? foreign_share : share) + misplaced;
    }
    return out;
}

}  // namespace riverlight::player
