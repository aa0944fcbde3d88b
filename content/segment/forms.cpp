#include "content/segment/forms.hpp"

#include <algorithm>

namespace riverlight::content {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// ISO 639-1 and 639-2/T, in order: two letters and three.
constexpr std::string_view languages =
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis "
    "bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu "
    "dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry "
    "gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina "
    "idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz "
    "klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao "
    "ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde "
    "nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli plpol "
    "pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv "
    "smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk "
    "tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol "
    "xhxho yiyid yoyor zazha zhzho zuzul ";

}  // namespace

bool is_sha256(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                            [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_language(std::string_view text) {
    if (text.size() < 2 || text.size() > 35) return false;
    std::size_t part = 0, length = 0;
    for (const char c : text) {
        if (c == '-') {
            if (length == 0) return false;
            ++part;
            length = 0;
        } else {
            if (!(part == 0 ? is_alpha(c) : is_alpha(c) || is_digit(c)) || ++length > 8) return false;
        }
    }
    return length > 0 && (text.find('-') == std::string_view::npos ? length : text.find('-')) <= 3;
}

std::string language_code_3(std::string_view tag) {
    const auto primary = tag.substr(0, tag.find('-'));
    if (!is_language(tag) || primary.size() > 3) return "und";
    std::string low(primary);
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (low.size() == 3) return low;
    constexpr std::size_t entry = 6;
    for (std::size_t at = 0; at + entry <= languages.size(); at += entry)
        if (languages.substr(at, 2) == low) return std::string(languages.substr(at + 2, 3));
    return "und";
}

bool is_country(std::string_view text) {
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) ||
        !is_digit(text[3]) || !is_digit(text[4]))
        return {};
    const int hours = (text[0] - '0') * 10 + (text[1] - '0');
    const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (minutes > 59 || hours * 60 + minutes > 24 * 60) return {};
    return std::chrono::minutes{hours * 60 + minutes};
}

std::string time_of_day_text(std::chrono::minutes time) {
    const auto two = [](long n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return two(time.count() / 60) + ':' + two(time.count() % 60);
}

}  // namespace riverlight::content
