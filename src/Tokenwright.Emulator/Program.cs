using Tokenwright.Emulator;

return await EmulatorCommand.RunAsync(args);
