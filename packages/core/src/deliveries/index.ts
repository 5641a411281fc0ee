/**
 * deliveries: what leaves the building. Rows committed with the decision that asked for them, sent afterwards, each once.
 * It never sends inside a transaction and never silently sends again.
 * The unit of work queues; the delivery worker sends; the console shows what is in doubt.
 */
export { queueDelivery } from './delivery.ts'
export { sendDue } from './send.ts'
export type { DeliveryTarget } from './send.ts'
