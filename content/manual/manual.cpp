#include "content/manual/manual.hpp"

#include <algorithm>
#include <cassert>
#include <iostream>
#include <sstream>
#include <utility>

namespace riverlight::manual {
namespace {

enum class Hyphen { soft, minus };  ///< as in prose, or as typed in a shell

/// Text as roff shows it literally: no backslash is an escape, and no line starts a macro (man(7), groff(7)).
std::string escape_roff(const std::string& text, Hyphen hyphen = Hyphen::soft) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-' && hyphen == Hyphen::minus)
            out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += std::string("\\&") + c;
        else
            out += c;
    }
    return out;
}

std::string to_upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

bool is_visible(const CLI::Option& option) {
    return !option.get_group().empty();
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    std::vector<const CLI::App*> out;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!command->get_group().empty() && !command->get_name().empty()) out.push_back(command);
    return out;
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    std::vector<const CLI::Option*> out;
    for (const auto* option : app.get_options([](const CLI::Option*) { return true; }))
        if (is_visible(*option)) out.push_back(option);
    return out;
}

/// `-h,--help` as names, one each.
std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> out;
    std::istringstream names(option.get_name(false, true));
    for (std::string name; std::getline(names, name, ',');)
        if (name.starts_with('-')) out.push_back(name.substr(0, name.find('{')));
    return out;
}

void write_option(std::ostream& out, const CLI::Option& option) {
    out << ".TP\n";
    if (option.get_positional()) {
        out << ".I " << escape_roff(option.get_name(true)) << '\n';
    } else {
        std::string names;
        for (const auto& name : names_of(option))
            names += (names.empty() ? "\\fB" : ", \\fB") + escape_roff(name, Hyphen::minus) + "\\fR";
        if (option.get_expected_max() > 0 && option.get_type_size_max() > 0)
            names += " \\fI" + escape_roff(option.get_type_name()) + "\\fR";
        out << names << '\n';
    }
    auto text = option.get_description();
    if (!option.get_default_str().empty()) text += " [" + option.get_default_str() + "]";
    if (option.get_required()) text += " (required)";
    out << escape_roff(text) << '\n';
}

void write_command(std::ostream& out, const CLI::App& command, const std::string& path) {
    const auto children = commands_of(command);
    if (children.empty() || options_of(command).size() > 1) {  // more than its --help
        out << ".SS " << escape_roff(path) << '\n' << escape_roff(command.get_description()) << '\n';
        for (const auto* option : options_of(command)) write_option(out, *option);
    }
    for (const auto* child : children) write_command(out, *child, path + ' ' + child->get_name());
}

/// One `case` arm of a completion script: the words that may follow `path`.
void write_completion(std::ostream& out, const CLI::App& app, const std::string& path) {
    std::string words;
    for (const auto* command : commands_of(app)) words += command->get_name() + ' ';
    for (const auto* option : options_of(app))
        for (const auto& name : names_of(*option)) words += name + ' ';
    if (!words.empty()) words.pop_back();
    out << "        '" << path << "') words='" << words << "' ;;\n";
    for (const auto* command : commands_of(app))
        write_completion(out, *command, path + ' ' + command->get_name());
}

/// Every path of commands that exists, as `case` arms; the script walks the line with them.
void write_paths(std::ostream& out, const CLI::App& app, const std::string& path) {
    for (const auto* command : commands_of(app)) {
        const auto next = path + ' ' + command->get_name();
        out << "            '" << next << "') path=$next ;;\n";
        write_paths(out, *command, next);
    }
}

}  // namespace

std::string make_man_page(const CLI::App& app, const ManPage& page) {
    assert(page.section >= 1 && page.section <= 8);
    const auto name = app.get_name();
    std::ostringstream out;
    out << ".TH " << escape_roff(to_upper(name)) << ' ' << page.section
        << " \"\" \"Riverlight " RIVERLIGHT_VERSION << "\" \"Riverlight\"\n.SH NAME\n"
        << escape_roff(name) << " \\- " << escape_roff(app.get_description()) << "\n.SH SYNOPSIS\n.B "
        << escape_roff(name) << '\n'
        << (commands_of(app).empty() ? "[\\fIOPTIONS\\fR]\n" : "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n")
        << ".SH DESCRIPTION\n";
    std::istringstream paragraphs(page.description);
    for (std::string line; std::getline(paragraphs, line);)
        out << (line.empty() ? ".PP" : escape_roff(line)) << '\n';
    out << ".SH OPTIONS\n";
    for (const auto* option : options_of(app)) write_option(out, *option);
    if (!commands_of(app).empty()) out << ".SH COMMANDS\n";
    for (const auto* command : commands_of(app)) write_command(out, *command, command->get_name());
    if (!page.files.empty()) out << ".SH FILES\n";
    for (const auto& file : page.files) {
        const auto colon = file.find(": ");
        assert(colon != std::string::npos);
        out << ".TP\n.I " << escape_roff(file.substr(0, colon)) << '\n'
            << escape_roff(file.substr(colon + 2)) << '\n';
    }
    if (!page.see_also.empty()) out << ".SH SEE ALSO\n";
    for (std::size_t i = 0; i < page.see_also.size(); ++i)
        out << ".BR " << escape_roff(page.see_also[i].substr(0, page.see_also[i].find('('))) << " ("
            << page.see_also[i].substr(page.see_also[i].find('(') + 1)
            << (i + 1 < page.see_also.size() ? " ,\n" : "\n");
    return out.str();
}

std::string make_bash_completion(const CLI::App& app) {
    const auto name = app.get_name();
    auto function = "_" + name;
    std::replace(function.begin(), function.end(), '-', '_');
    std::ostringstream out;
    out << "# bash completion of " << name << ", made from its option table.\n"
        << function << "() {\n"
        << "    local current=${COMP_WORDS[COMP_CWORD]} path='" << name << "' next words= i\n"
        << "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        << "        next=\"$path ${COMP_WORDS[i]}\"\n"
        << "        case $next in\n";
    write_paths(out, app, name);
    out << "            *) ;;\n        esac\n    done\n    case $path in\n";
    write_completion(out, app, name);
    out << "    esac\n"
        << "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        << "    [[ $current == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
        << "}\n"
        << "complete -o filenames -F " << function << ' ' << name << '\n';
    return out.str();
}

void add_manual_options(CLI::App& app, ManPage page) {
    app.add_flag_callback("--print-man-page",
                          [&app, page = std::move(page)] {
                              std::cout << make_man_page(app, page);
                              throw CLI::Success();
                          })
        ->group("")
        ->trigger_on_parse();
    app.add_flag_callback("--print-bash-completion",
                          [&app] {
                              std::cout << make_bash_completion(app);
                              throw CLI::Success();
                          })
        ->group("")
        ->trigger_on_parse();
}

}  // namespace riverlight::manual
