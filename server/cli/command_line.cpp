#include "server/cli/command_line.hpp"

#include "server/auth/roles.hpp"
#include "server/auth/scopes.hpp"
#include "server/cli/backup.hpp"
#include "server/cli/course.hpp"
#include "server/cli/doctor.hpp"
#include "server/cli/exit_status.hpp"
#include "server/cli/export.hpp"
#include "server/cli/key.hpp"
#include "server/cli/options.hpp"
#include "server/cli/person.hpp"
#include "server/cli/relay.hpp"
#include "server/cli/serve.hpp"
#include "server/demo/courses.hpp"
#include "server/demo/demo.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

namespace leerspoor::server::cli {
namespace {

constexpr const char* description = "Leerspoor, a learning record store for xAPI 1.0.3 and 2.0.\n"
                                    "First run:  leerspoor key create --data ./data --name \"My course\"\n"
                                    "            leerspoor serve --data ./data\n"
                                    "A look around:  leerspoor demo --data ./demo\n";

constexpr const char* settings_footer =
    "Each setting can also be given as LEERSPOOR_NAME in the environment or as name = value in the --config\n"
    "file. The command line wins over the environment, the environment over the file.\n"
    "LEERSPOOR_KEY and LEERSPOOR_SECRET, when set at the first start, become the first key.\n"
    "Exit status: 0 stopped as asked, 1 failed, 2 a setting was not understood.";

int print(const std::vector<Error>& errors, std::ostream& err) {
    for (const auto& error : errors) err << "leerspoor: " << error.message << "\n";
    return errors.empty() ? done : not_understood;
}

// Settings as they are in force after all three sources.
struct Configured {
    Settings settings;
    std::filesystem::path config_file;
    CLI::App* command = nullptr;

    std::vector<Error> complete() {
        auto errors = apply_config_file(*command, config_file);
        const auto wrong = check(settings);
        errors.insert(errors.end(), wrong.begin(), wrong.end());
        return errors;
    }
};

void add_key_commands(CLI::App& app, KeyCommand& asked) {
    auto* const key = app.add_subcommand("key", "Make, list and revoke the keys of clients");
    key->require_subcommand(1);
    key->footer("Works on the data folder itself, or through the server that has it open.");

    const auto with_data = [&asked](CLI::App* command) {
        command->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
        command->add_flag("--json", asked.json, "Answer with one line of JSON");
        return command;
    };
    auto* const create = with_data(key->add_subcommand("create", "Make a key; its secret is shown once"));
    create->add_option("--key", asked.key, "The key; made up when left out");
    create->add_option("--secret", asked.secret, "Its secret; made up when left out");
    create->add_option("--name", asked.name,
                       "Whose it is, for people; also names the authority of statements");
    std::string names;
    for (const auto scope : auth::scope_names()) names.append(names.empty() ? "" : ", ").append(scope);
    create->add_option("--scope", asked.scopes, "What it may do, several allowed: " + names)
        ->capture_default_str();
    create->add_option("--store", asked.store, "The store (tenant) that it opens")->capture_default_str();
    create->callback([&asked] { asked.command = "create"; });

    with_data(key->add_subcommand("list", "All keys, revoked ones too"))->callback([&asked] {
        asked.command = "list";
    });
    auto* const revoke = with_data(key->add_subcommand("revoke", "Refuse a key from now on"));
    revoke->add_option("--key,key", asked.key, "The key")->required();
    revoke->callback([&asked] { asked.command = "revoke"; });
}

void add_person_commands(CLI::App& app, PersonCommand& asked) {
    auto* const person = app.add_subcommand("person", "Invite, list and remove the people who sign in");
    person->require_subcommand(1);
    person->footer("Works on the data folder itself, or through the server that has it open.");

    const auto add = [&asked, person](const char* name, const char* help) {
        auto* const command = person->add_subcommand(name, help);
        command->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
        command->add_flag("--json", asked.json, "Answer with one line of JSON");
        command->callback([&asked, name] { asked.command = name; });
        return command;
    };
    std::string roles;
    for (const auto& row : auth::all_roles())
        roles.append(roles.empty() ? "" : "; ").append(row.name).append(": ").append(row.meaning);
    add("add", "Make a link by which somebody gets an account")
        ->add_option("--role", asked.role, roles)
        ->capture_default_str();
    add("list", "Who has an account");
    add("reset", "Make a link by which somebody chooses a new password")
        ->add_option("--name,name", asked.name, "Whose")
        ->required();
    add("remove", "End somebody's account and sessions")
        ->add_option("--name,name", asked.name, "Whose")
        ->required();
}

void add_export_commands(CLI::App& app, ExportCommand& asked, VerifyCommand& verified) {
    auto* const exporting = app.add_subcommand("export", "Write statements to a file, with what proves them");
    exporting->footer(
        "Works on the data folder itself, or through the server that has it open. Without a filter "
        "everything is exported.");
    exporting->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    exporting->add_option("--output", asked.output, "The file")->required();
    exporting
        ->add_option("--format", asked.format,
                     "bundle, jsonl, csv, xlsx, transcript (HTML for print), or package (documents and "
                     "attachments too)")
        ->capture_default_str();
    exporting->add_option("--agent", asked.agents, "Of this Agent, as JSON; several are allowed");
    exporting->add_option("--verb", asked.verb, "An IRI");
    exporting->add_option("--activity", asked.activity, "An IRI");
    exporting->add_option("--registration", asked.registration, "A UUID");
    exporting->add_option("--since", asked.since, "Stored after it");
    exporting->add_option("--until", asked.until, "Stored up to it");
    exporting->add_flag("--related-agents", asked.related_agents,
                        "Also as instructor, team, object or member");
    exporting->add_flag("--related-activities", asked.related_activities,
                        "Also what is a part of the activity");
    exporting->add_flag("--one-identity", asked.one_identity, "Not all identities of a person");
    exporting->add_option("--column", asked.columns, "Of csv and xlsx; all when left out");
    exporting->add_option("--store", asked.store, "The store (tenant)")->capture_default_str();
    exporting->callback([&asked] { asked.given = true; });

    auto* const verifying =
        app.add_subcommand("verify-export", "Say whether a bundle is what was exported; needs no server");
    verifying->footer("Exit status: 0 it holds, 1 it does not.");
    verifying->add_option("file", verified.file, "The bundle")->required();
    verifying
        ->add_option("--public-key", verified.key,
                     "A file with the log's keys, as /api/v1/log/key gives them")
        ->required();
    verifying->callback([&verified] { verified.given = true; });
}

void add_log_commands(CLI::App& app, LogCommand& asked) {
    auto* const log = app.add_subcommand("log", "The log that proves what was stored: its keys");
    log->require_subcommand(1);
    log->footer("Works on the data folder itself, or through the server that has it open.");
    const auto add = [&asked, log](const char* name, const char* help) {
        auto* const command = log->add_subcommand(name, help);
        command->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
        command->callback([&asked, name] { asked.command = name; });
    };
    add("key", "Print the public keys that verify checkpoints and exports, the one that signs now first");
    add("rotate-key", "Let a new key sign from now on; what earlier ones signed stays verifiable");
}

void add_import_command(CLI::App& app, ImportCommand& asked) {
    auto* const importing = app.add_subcommand(
        "import", "Take statements from files: JSON Lines, arrays, pages and dumps of another LRS, CSV");
    importing->footer(
        "Statements keep their ids, authorities and times; when they were stored is now. A file may come "
        "again: what is there already stays. Of dumps of Learning Locker, lrsql and Ralph the statements are "
        "found "
        "by themselves.\nWorks on the data folder itself, or through the server that "
        "has it open. Exit status: 0 all were taken, 1 some were not.");
    importing->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    importing->add_option("files", asked.files, "The files")->required();
    importing->add_option("--mapping", asked.mapping,
                          "The files are CSV: a file with a statement in which {column} stands for a cell");
    importing->add_option("--store", asked.store, "The store (tenant)")->capture_default_str();
    importing->callback([&asked] { asked.given = true; });
}

void add_course_commands(CLI::App& app, CourseCommand& asked, LaunchCommand& launched) {
    auto* const course = app.add_subcommand("course", "Courses: SCORM, cmi5 and xAPI packages");
    course->require_subcommand(1);
    course->footer("Works on the data folder itself, or through the server that has it open.");
    const auto add = [&asked, course](const char* name, const char* help) {
        auto* const command = course->add_subcommand(name, help);
        command->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
        command->add_option("--store", asked.store, "The store (tenant)")->capture_default_str();
        command->callback([&asked, name] { asked.command = name; });
        return command;
    };
    auto* const adding = add("add", "Take a package; of a course that is there it is a new version");
    adding->add_option("file", asked.file, "A zip file, or a cmi5.xml or tincan.xml alone")
        ->required()
        ->check(CLI::ExistingFile);
    adding->add_option("--course", asked.course,
                       "The course that it is a version of, whatever its identifier");
    adding->add_flag("--dry-run", asked.dry_run, "Only say what is in it");
    add("list", "All courses");
    for (const auto& [name, help] : {std::pair{"retire", "Nobody begins with it any more; who began goes on"},
                                     std::pair{"restore", "Take a retired course back"},
                                     std::pair{"remove", "Remove a course that nobody has begun"}})
        add(name, help)->add_option("id", asked.id, "The course")->required();
    auto* const moving = add("move", "Take who has begun along to the newest version");
    moving->add_option("id", asked.id, "The course")->required();
    moving->add_option("--registration", asked.registration, "Only this one");

    auto* const launch = app.add_subcommand("launch", "Make a link with which one learner starts a course");
    launch->footer("Through the server that has the data folder open.");
    launch->add_option("--data", launched.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    launch->add_option("--course", launched.course, "The course")->required();
    launch->add_option("--learner", launched.learner, "Who learns: an Agent as JSON")->required();
    launch->add_option("--node", launched.node, "What of the course; left out: where the learner was");
    launch->add_option("--mode", launched.mode, "normal, browse or review");
    launch->add_option("--registration", launched.registration, "A UUID; left out: the learner's own");
    launch->add_option("--expires", launched.expires, "Until when the link is good; a week when left out");
    launch->add_option("--return-url", launched.return_url, "Where the learner goes afterwards");
    launch->add_option("--store", launched.store, "The store (tenant)")->capture_default_str();
    launch->add_flag("--qr", launched.qr, "Print it as a QR code too");
    launch->callback([&launched] { launched.given = true; });
}

void add_doctor_command(CLI::App& app, DoctorCommand& asked) {
    auto* const doctor =
        app.add_subcommand("doctor", "Say what is wrong with an installation, and what to do");
    doctor->footer(
        "Also while a server runs. Exit status: 0 everything is well, 1 something needs attention.");
    doctor->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    doctor->callback([&asked] { asked.given = true; });
}

void add_relay_commands(CLI::App& app, RelayCommand& asked) {
    auto* const relay =
        app.add_subcommand("relay", "Statements from and to other servers, for as long as you want");
    relay->require_subcommand(1);
    relay->footer("Through the server that has the data folder open.");
    const auto add = [&asked, relay](const char* name, const char* help) {
        auto* const command = relay->add_subcommand(name, help);
        command->add_option("--data", asked.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
        command->add_option("--store", asked.store, "The store (tenant)")->capture_default_str();
        command->callback([&asked, name] { asked.command = name; });
        return command;
    };
    auto* const adding = add("add", "Make a relay, which works from now on");
    adding->add_option("kind", asked.kind, "pull: from another LRS; forward: to another LRS; webhook")
        ->required();
    adding->add_option("url", asked.url, "Of an LRS what stands before /statements; of a webhook all of it")
        ->required();
    adding->add_option("--key", asked.key, "The key of the other LRS");
    adding->add_option("--secret-file", asked.secret_file, "A file with its secret; of a webhook what signs");
    adding->add_option("--certificate", asked.certificate, "A file in PEM: trusted instead of the system's");
    adding->add_option("--filter", asked.filter, "Which statements, as POST /api/v1/relays takes it")
        ->capture_default_str();
    adding->add_option("--rate", asked.rate, "Statements a second at most; 0: as many as there are")
        ->capture_default_str();
    add("list", "What there is, how far it has come, and what is the matter");
    add("remove", "End a relay")->add_option("--id,id", asked.id, "Which")->required();
}

void add_backup_commands(CLI::App& app, BackupCommand& backed, RestoreCommand& restored,
                         VerifyStoreCommand& verified) {
    auto* const backup = app.add_subcommand("backup", "Add a backup to a folder, also while a server runs");
    backup->footer(
        "The whole store as of one moment, attachments too; what the folder has already is not copied "
        "again.\n"
        "Whoever has a backup has what is in it, the keys that sign the log too: guard it like the data "
        "folder.\nWhat is kept beside the store is not in it: certificates and settings.");
    backup->add_option("--data", backed.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    backup->add_option("--to", backed.to, "The folder of backups")->required();
    backup->callback([&backed] { backed.given = true; });

    auto* const restore = app.add_subcommand("restore", "Make a data folder of a backup");
    restore->footer("Every byte is checked first. Without --data the backups are listed.");
    restore->add_option("--from", restored.from, "The folder of backups")->required();
    restore->add_option("--data", restored.data, "The data folder, which is not there yet");
    restore->add_option("--backup", restored.number, "Its number; the newest when left out");
    restore->callback([&restored] { restored.given = true; });

    auto* const verify =
        app.add_subcommand("verify", "Read everything in a data folder, and say what does not fit");
    verify->footer(
        "Every checksum, every statement and what finds it, analytics, the log, attachments; also while a "
        "server runs.\nExit status: 0 everything fits, 1 something does not.");
    verify->add_option("--data", verified.data, "The data folder")->envname("LEERSPOOR_DATA")->required();
    verify->callback([&verified] { verified.given = true; });
}

} // namespace

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
    CLI::App app(description, "leerspoor");
    app.require_subcommand(1);
    app.footer("Exit status: 0 done, 1 failed, 2 not understood. `leerspoor COMMAND --help` says more.");

    Configured serving;
    serving.command = app.add_subcommand("serve", "Serve records from a data folder until SIGTERM or SIGINT");
    serving.command->footer(settings_footer);
    add_settings(*serving.command, serving.settings, serving.config_file);

    Configured showing;
    std::size_t demo_statements = demo::usual_statements;
    showing.command = app.add_subcommand("demo", "Serve an invented academy's records, to look around");
    showing.command->footer(settings_footer);
    showing.command
        ->add_option("--statements", demo_statements, "How many an empty data folder is filled with")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    add_settings(*showing.command, showing.settings, showing.config_file);

    auto* const config = app.add_subcommand("config", "Look at settings");
    config->require_subcommand(1);
    Configured checking;
    checking.command =
        config->add_subcommand("check", "Print the settings in force, or what is wrong with them");
    add_settings(*checking.command, checking.settings, checking.config_file);

    KeyCommand key;
    add_key_commands(app, key);
    PersonCommand person;
    add_person_commands(app, person);
    ExportCommand exporting;
    VerifyCommand verifying;
    add_export_commands(app, exporting, verifying);
    LogCommand log_keys;
    add_log_commands(app, log_keys);
    ImportCommand importing;
    add_import_command(app, importing);
    CourseCommand course;
    LaunchCommand launch;
    add_course_commands(app, course, launch);
    DoctorCommand doctor;
    add_doctor_command(app, doctor);
    RelayCommand relay;
    add_relay_commands(app, relay);
    BackupCommand backup;
    RestoreCommand restore;
    VerifyStoreCommand verify;
    add_backup_commands(app, backup, restore, verify);
    auto* const version = app.add_subcommand("version", "Print the version");

    try {
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        return app.exit(error, out, err) == 0 ? done : not_understood;
    }

    if (version->parsed()) {
        out << "leerspoor " LEERSPOOR_VERSION "\n";
        return done;
    }
    if (checking.command->parsed()) {
        if (const auto errors = checking.complete(); !errors.empty()) return print(errors, err);
        out << describe(checking.settings);
        return done;
    }
    if (!key.command.empty()) return run_key_command(key, out, err);
    if (!person.command.empty()) return run_person_command(person, out, err);
    if (!course.command.empty()) return run_course_command(course, out, err);
    if (launch.given) return run_launch_command(launch, out, err);
    if (doctor.given) return run_doctor_command(doctor, out, err);
    if (!relay.command.empty()) return run_relay_command(relay, out, err);

    if (backup.given) return run_backup_command(backup, out, err);
    if (!log_keys.command.empty()) return run_log_command(log_keys, out, err);
    if (importing.given) return run_import_command(importing, out, err);
    if (verify.given) return run_verify_store_command(verify, out, err);
    if (restore.given) return run_restore_command(restore, out, err);
    if (exporting.given) return run_export_command(exporting, out, err);
    if (verifying.given) return run_verify_command(verifying, out, err);

    Configured& asked = showing.command->parsed() ? showing : serving;
    auto errors = asked.complete();
    if (asked.settings.data.empty()) {
        errors.push_back({"setting_invalid", "", "data: say where the records are kept, with --data DIR."});
    }
    if (!errors.empty()) return print(errors, err);
    Companion companion;
    if (showing.command->parsed()) {
        companion.claim = demo::claim;
        companion.teach = demo::add_courses;
        companion.run = [demo_statements](const std::stop_token& stop, storage::RecordStore& store,
                                          Log& log) { demo::run(stop, store, demo_statements, log); };
    }
    return serve(asked.settings, out, err, companion);
}

} // namespace leerspoor::server::cli
