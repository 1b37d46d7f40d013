# fish completion for fieldlinkctl(1)

set -l verbs status tail check

complete -c fieldlinkctl -f
complete -c fieldlinkctl -l help -d 'Show help'
complete -c fieldlinkctl -l socket -r -F -d 'The control socket of the daemon'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -l version -d 'Show the version'

complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a status -d 'How the gateway is'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a tail -d 'Readings as they come'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a check -d 'Check a configuration'

complete -c fieldlinkctl -n '__fish_seen_subcommand_from status' -l json -d 'One line of JSON'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from tail' -l json -d 'A line of JSON for each reading'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from check' -l driver-dir -r -a '(__fish_complete_directories)' -d 'Where the drivers are'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from check' -k -a '(__fish_complete_suffix .yaml)'
