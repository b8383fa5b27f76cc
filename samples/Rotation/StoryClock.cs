namespace Rotation;

/// <summary>A clock whose time the story sets, so that months pass in seconds.</summary>
internal sealed class StoryClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
