using Tokenwright.Cli.Commands;

return await CommandTree.RunAsync(args);
