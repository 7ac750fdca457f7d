namespace VetCommunity.Core.Operation;

/// <summary>Something that the person who operates the machine must put right. The message is the sentence for that person.</summary>
public sealed class OperationFailedException(string sentence, Exception? cause = null) : Exception(sentence, cause);
