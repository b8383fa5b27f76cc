using System.CommandLine;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>completion</c>, which prints scripts for completion in shells.</summary>
internal static class CompletionCommand
{
    // Each script calls the tool itself, "tokenwright [suggest:POSITION] LINE", so that the names of connections are completed too.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] =
            """
            _tokenwright() {
                local IFS=$'\n'
                local words
                words=$(tokenwright "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _tokenwright tokenwright
            """,
        ["zsh"] =
            """
            #compdef tokenwright
            _tokenwright() {
                local -a words_of_tool
                words_of_tool=("${(@f)$(tokenwright "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                (( $#words_of_tool )) && compadd -a words_of_tool || _files
            }
            compdef _tokenwright tokenwright
            """,
        ["fish"] =
            """
            function __tokenwright
                set -l line (commandline -cp)
                tokenwright "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c tokenwright -f -a '(__tokenwright)'
            """,
        ["powershell"] =
            """
            Register-ArgumentCompleter -Native -CommandName tokenwright -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                tokenwright "[suggest:$cursorPosition]" "$commandAst" 2>$null |
                    Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command(
            "completion",
            """
            Prints a script that lets your shell complete commands, options, vendors and connection names.

            Examples:
              source <(tokenwright completion bash)                                  in ~/.bashrc
              source <(tokenwright completion zsh)                                   in ~/.zshrc, after compinit
              tokenwright completion fish > ~/.config/fish/completions/tokenwright.fish
              tokenwright completion powershell | Out-String | Invoke-Expression     in $PROFILE
            """)
        {
            shell,
        };
        return command.Does(async invocation =>
        {
            var name = invocation.Get(shell)!.ToLowerInvariant();
            if (!Scripts.TryGetValue(name == "pwsh" ? "powershell" : name, out var script))
                throw new CliException($"There is no script for '{name}'; known are {string.Join(", ", Scripts.Keys)}.");
            await invocation.Terminal.Out.WriteLineAsync(script);
            return ExitCode.Done;
        });
    }
}
